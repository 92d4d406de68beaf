import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { TELECHAT } from './_telechat.js';

/** https://huggingface.co/Tele-AI/TeleChat-12B/blob/main/tokenizer_config.json */
@template({ id: 'telechat', summary: '<_user> turns of TeleChat' })
export class Telechat extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...TELECHAT,
    auto_add_bos: true,
  };
}
