import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/OrionStarAI/Orion-14B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'orion', summary: 'Human/Assistant turns of Orion' })
export class Orion extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}}'],
    prompt: ['Human: {{QUERY}}\n\nAssistant: </s>'],
    chat_sep: ['</s>'],
    suffix: ['</s>'],
  };
}
