import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/mistral-community/pixtral-12b/blob/main/chat_template.json */
@template({ id: 'pixtral', summary: '[INST] turns of Pixtral' })
export class Pixtral extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}}'],
    prompt: ['[INST]{{QUERY}}[/INST]'],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
  };
}
