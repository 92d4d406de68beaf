import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V3_1 } from './_deepseek.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V3.1/blob/main/tokenizer_config.json */
@template({ id: 'deepseek_v3_1', summary: 'Turns of DeepSeek-V3.1, which may think first' })
export class DeepseekV3_1 extends SpecTemplate {
  readonly spec = DEEPSEEK_V3_1;
}
