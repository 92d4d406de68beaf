import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** The text between what the checkpoint's own tokenizer puts around one: `[CLS] … [SEP]`, or EOS behind it. */
@template({ id: 'dummy', summary: 'No format, for encoders and embedding models' })
export class Dummy extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
    auto_add_bos: true,
    whole_questions: true,
  };
}
