import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-4B-Thinking-2507/blob/main/tokenizer_config.json */
@template({
  id: 'qwen3_thinking',
  agent: 'hermes',
  summary: 'ChatML of Qwen3-Thinking-2507, which always thinks',
  also: { step3_vl: 'ChatML of Step3-VL, which always thinks' },
})
export class Qwen3Thinking extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    thinking: 'strip',
    generation_prefix: '<think>\n',
  };
}
