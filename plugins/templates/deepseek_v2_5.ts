import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V2_5 } from './_deepseek.js';

/**
 * https://huggingface.co/deepseek-ai/DeepSeek-V3/blob/main/tokenizer_config.json
 * deepseek2_5: The id that SWIFT 2 gives deepseek_v2_5; it misspells the stop token, which is put right here.
 */
@template({
  id: 'deepseek_v2_5',
  summary: 'Turns of DeepSeek-V2.5 and V3',
  also: { deepseek2_5: 'deepseek_v2_5 under its earlier id' },
})
export class DeepseekV2_5 extends SpecTemplate {
  readonly spec = DEEPSEEK_V2_5;
}
