import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V3_1 } from './_deepseek.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/tokenizer_config.json */
@template({ id: 'deepseek_v4', summary: 'Turns of DeepSeek-V4, which may think first' })
export class DeepseekV4 extends SpecTemplate {
  readonly spec = DEEPSEEK_V3_1;
}
