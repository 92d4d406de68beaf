import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-0.6B/blob/main/tokenizer_config.json */
@template({
  id: 'qwen3',
  agent: 'hermes',
  summary: 'ChatML of Qwen3; thoughts may come first',
  also: { minicpmo4_5: 'ChatML of MiniCPM-o 4.5; thoughts may come first' },
})
export class Qwen3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    thinking: 'add-empty',
  };
}
