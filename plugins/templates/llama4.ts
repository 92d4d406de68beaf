import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/meta-llama/Llama-4-Scout-17B-16E-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'llama4', agent: 'llama4', summary: '<|header_start|> turns of Llama 4' })
export class Llama4 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|begin_of_text|>'],
    system_prefix: ['<|begin_of_text|><|header_start|>system<|header_end|>\n\n{{SYSTEM}}<|eot|>'],
    prompt: [
      '<|header_start|>user<|header_end|>\n\n{{QUERY}}<|eot|><|header_start|>assistant<|header_end|>\n\n',
    ],
    chat_sep: ['<|eot|>'],
    suffix: ['<|eot|>'],
    stop_words: ['<|end_of_text|>', '<|eom|>'],
  };
}
