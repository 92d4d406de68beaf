import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/rednote-hilab/dots.llm1.inst/blob/main/tokenizer_config.json */
@template({ id: 'dots1', summary: '<|userprompt|> turns of dots.llm1' })
export class Dots1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|system|><|endofsystem|>'],
    system_prefix: ['<|system|>{{SYSTEM}}<|endofsystem|>'],
    prompt: ['<|userprompt|>{{QUERY}}<|endofuserprompt|><|response|>'],
    chat_sep: ['<|endofresponse|>'],
    suffix: ['<|endofresponse|>'],
    default_system: 'You are a helpful assistant.',
  };
}
