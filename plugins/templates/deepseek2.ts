import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK } from './_renamed.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V2-Chat/blob/main/tokenizer_config.json */
@template({ id: 'deepseek2', summary: 'User/Assistant turns of DeepSeek-V2' })
export class Deepseek2 extends SpecTemplate {
  readonly spec = DEEPSEEK;
}
