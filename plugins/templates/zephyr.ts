import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/HuggingFaceH4/zephyr-7b-beta/blob/main/tokenizer_config.json */
@template({ id: 'zephyr', summary: '<|user|> turns of Zephyr and TinyLlama-Chat' })
export class Zephyr extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|system|>\n{{SYSTEM}}</s>\n'],
    prompt: ['<|user|>\n{{QUERY}}</s>\n<|assistant|>\n'],
    chat_sep: ['</s>\n'],
    suffix: ['</s>'],
  };
}
