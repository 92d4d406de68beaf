import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN3_5 } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3.5-27B/blob/main/chat_template.jinja */
@template({ id: 'qwen3_5', agent: 'qwen3_5', summary: 'ChatML of Qwen3.5, which thinks first' })
export class Qwen3_5 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...QWEN3_5, generation_prefix: '<think>\n' };
}
