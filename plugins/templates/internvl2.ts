import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';
import { INTERNVL2_SYSTEM } from './_internvl.js';

/** https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/conversation.py */
@template({ id: 'internvl2', summary: 'ChatML of InternVL2' })
export class Internvl2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: INTERNVL2_SYSTEM,
    auto_add_bos: true,
  };
}
