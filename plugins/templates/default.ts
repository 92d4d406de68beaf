import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** `### Human:` and `### Assistant:` turns; for base models without a format of their own. */
@template({ id: 'default', summary: 'Human/Assistant turns as plain text' })
export class Default extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}\n\n'],
    prompt: ['### Human:\n{{QUERY}}\n\n### Assistant:\n'],
    chat_sep: ['\n\n'],
    suffix: [['eos_token_id']],
    default_system: 'You are a helpful assistant.',
    auto_add_bos: true,
  };
}
