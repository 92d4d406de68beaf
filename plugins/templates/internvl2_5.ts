import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';
import { INTERNVL2_5_SYSTEM } from './_internvl.js';

/** https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/conversation.py */
@template({ id: 'internvl2_5', summary: 'ChatML of InternVL2.5 and 3' })
export class Internvl25 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system: INTERNVL2_5_SYSTEM,
    auto_add_bos: true,
  };
}
