import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { INTERNVL2_SYSTEM } from './_internvl.js';
import { PHI3 } from './_phi3.js';

/** https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/conversation.py */
@template({ id: 'internvl2-phi3', summary: '<|user|> turns of InternVL2 on Phi-3' })
export class Internvl2Phi3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...PHI3,
    default_system: INTERNVL2_SYSTEM,
  };
}
