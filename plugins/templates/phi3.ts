import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/microsoft/Phi-3.5-mini-instruct/blob/main/tokenizer_config.json */
@template({ id: 'phi3', summary: '<|user|> turns of Phi-3' })
export class Phi3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|system|>\n{{SYSTEM}}<|end|>\n'],
    prompt: ['<|user|>\n{{QUERY}}<|end|>\n<|assistant|>\n'],
    chat_sep: ['<|end|>\n'],
    suffix: ['<|end|>'],
    auto_add_bos: true,
  };
}
