import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/allenai/OLMoE-1B-7B-0924-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'olmoe_0924', summary: '<|user|> turns of OLMoE 0924' })
export class Olmoe0924 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|endoftext|>'],
    system_prefix: ['<|endoftext|><|system|>\n{{SYSTEM}}\n'],
    prompt: ['<|user|>\n{{QUERY}}\n<|assistant|>\n'],
    chat_sep: ['<|endoftext|>\n'],
    suffix: ['<|endoftext|>'],
  };
}
