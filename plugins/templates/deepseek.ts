import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK } from './_renamed.js';

/** https://huggingface.co/deepseek-ai/deepseek-llm-7b-chat/blob/main/tokenizer_config.json */
@template({ id: 'deepseek', summary: 'User/Assistant turns of DeepSeek LLM and V2' })
export class Deepseek extends SpecTemplate {
  readonly spec = DEEPSEEK;
}
