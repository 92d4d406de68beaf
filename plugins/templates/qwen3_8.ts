import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN3_5 } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3.8-27B/blob/main/chat_template.jinja */
@template({
  id: 'qwen3_8',
  agent: 'qwen3_5',
  summary: 'ChatML of Qwen3.8, which thinks first; earlier thoughts stay',
})
export class Qwen3_8 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...QWEN3_5, generation_prefix: '<think>\n', keeps_thinking: true };
}
