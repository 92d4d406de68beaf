import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { PHI3 } from './_phi3.js';

/** https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/conversation.py */
@template({ id: 'internvl-phi3', summary: '<|user|> turns of Mini-InternVL 1.5 on Phi-3' })
export class InternvlPhi3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...PHI3,
    default_system: 'You are an AI assistant whose name is Phi-3.',
  };
}
