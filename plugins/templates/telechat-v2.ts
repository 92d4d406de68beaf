import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { TELECHAT } from './_telechat.js';

/** https://huggingface.co/Tele-AI/TeleChat-12B-v2/blob/main/tokenizer_config.json */
@template({ id: 'telechat-v2', summary: '<_user> turns of TeleChat 12B v2, a space before the question' })
export class TelechatV2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...TELECHAT,
    system_prefix: null,
    prompt: ['<_user> {{QUERY}}<_bot>'],
  };
}
