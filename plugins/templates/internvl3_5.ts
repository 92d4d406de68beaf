import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/**
 * https://huggingface.co/OpenGVLab/InternVL3_5-8B/blob/main/conversation.py
 * internvl_hf: https://huggingface.co/OpenGVLab/InternVL3-8B-hf/blob/main/chat_template.json
 */
@template({
  id: 'internvl3_5',
  summary: 'ChatML of InternVL3.5, without a system prompt of its own',
  also: { internvl_hf: 'ChatML of InternVL 3 and 3.5 as Transformers keeps them' },
})
export class Internvl35 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...CHATML, auto_add_bos: true };
}
