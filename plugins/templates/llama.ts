import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/**
 * `[INST]` turns of Llama 2. https://huggingface.co/meta-llama/Llama-2-7b-chat-hf/blob/main/tokenizer_config.json
 *
 * Content is trimmed and an answer stands between two spaces, as in the vendor's template. SWIFT 2.4 left the spaces
 * out and tokenized each piece apart, which gives the same ids but for the last space.
 */
@template({ id: 'llama', summary: '[INST] turns of Llama 2' })
export class Llama extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>[INST] '],
    system_prefix: ['<s>[INST] <<SYS>>\n{{SYSTEM}}\n<</SYS>>\n\n'],
    prompt: ['{{QUERY}} [/INST]'],
    response: [' {{RESPONSE}}'],
    chat_sep: [' </s><s>[INST] '],
    suffix: [' </s>'],
    trim: true,
  };
}
