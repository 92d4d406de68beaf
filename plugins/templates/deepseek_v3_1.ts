import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V3_1 } from './_deepseek.js';

/**
 * https://huggingface.co/deepseek-ai/DeepSeek-V3.1/blob/main/tokenizer_config.json
 * deepseek_v4: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/tokenizer_config.json
 * deepseek_v4_flash: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash-0731/blob/main/tokenizer_config.json
 */
@template({
  id: 'deepseek_v3_1',
  agent: { deepseek_v3_1: 'deepseek_v3_1', deepseek_v4: 'deepseek_v4', deepseek_v4_flash: 'deepseek_v4' },
  summary: 'Turns of DeepSeek-V3.1, which may think first',
  also: {
    deepseek_v4: 'Turns of DeepSeek-V4, which may think first',
    deepseek_v4_flash: 'Turns of DeepSeek-V4-Flash, which may think first',
  },
})
export class DeepseekV3_1 extends SpecTemplate {
  readonly spec = DEEPSEEK_V3_1;
}
