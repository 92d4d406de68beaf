import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/FlagAlpha/Atom-7B-Chat */
@template({ id: 'atom', summary: '<s>Human turns of Atom-7B' })
export class Atom extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['<s>Human: {{QUERY}}\n</s><s>Assistant: '],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
  };
}
