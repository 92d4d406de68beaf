import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/QwQ-32B/blob/main/tokenizer_config.json */
@template({ id: 'qwq', agent: 'hermes', summary: 'ChatML of QwQ-32B, which always thinks' })
export class Qwq extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    generation_prefix: '<think>\n',
    thinking: 'strip',
  };
}
