import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/llava-hf/llava-v1.6-mistral-7b-hf */
@template({
  id: 'llava-mistral',
  summary: '[INST] turns of LLaVA-NeXT on Mistral',
  also: { llava1_6_mistral: '[INST] turns of LLaVA-NeXT on Mistral, in its own layout' },
})
export class LlavaMistral extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>[INST] '],
    system_prefix: ['<s>[INST] <<SYS>>\n{{SYSTEM}}\n<</SYS>>\n\n'],
    prompt: ['{{QUERY}} [/INST]'],
    chat_sep: ['</s>[INST] '],
    suffix: ['</s>'],
  };
}
