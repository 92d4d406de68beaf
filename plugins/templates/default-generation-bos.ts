import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** As default-generation, with BOS even where the tokenizer adds none. */
@template({ id: 'default-generation-bos', summary: 'As default-generation, always starting with BOS' })
export class DefaultGenerationBos extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: null,
    suffix: [['eos_token_id']],
  };
}
