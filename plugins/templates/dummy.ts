import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** The text and EOS; for models that are not chatted with. */
@template({ id: 'dummy', summary: 'No format, for embedding and reward models' })
export class Dummy extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
    auto_add_bos: true,
  };
}
