import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/docs/transformers/model_doc/paligemma */
@template({ id: 'paligemma', summary: 'PaliGemma: a question on a line, and its answer' })
export class PaliGemma extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}\n'],
    chat_sep: null,
    suffix: ['<eos>'],
  };
}
