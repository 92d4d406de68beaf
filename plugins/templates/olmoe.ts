import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/allenai/OLMoE-1B-7B-0125-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'olmoe', summary: '<|user|> turns of OLMoE 0125' })
export class Olmoe extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['|||IP_ADDRESS|||'],
    system_prefix: ['|||IP_ADDRESS|||<|system|>\n{{SYSTEM}}\n'],
    prompt: ['<|user|>\n{{QUERY}}\n<|assistant|>\n'],
    chat_sep: ['|||IP_ADDRESS|||\n'],
    suffix: ['|||IP_ADDRESS|||'],
    stop_words: ['<|endoftext|>'],
  };
}
