import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V2_5 } from './_deepseek.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V3/blob/main/tokenizer_config.json */
@template({ id: 'deepseek_v2_5', summary: 'Turns of DeepSeek-V2.5 and V3' })
export class DeepseekV2_5 extends SpecTemplate {
  readonly spec = DEEPSEEK_V2_5;
}
