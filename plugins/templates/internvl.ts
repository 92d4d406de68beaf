import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';
import { INTERNLM_NAME } from './_internvl.js';

/** https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/conversation.py */
@template({ id: 'internvl', summary: 'ChatML of InternVL 1.5' })
export class Internvl extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: INTERNLM_NAME,
    auto_add_bos: true,
  };
}
