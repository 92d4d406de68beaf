import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** The vendor's default system prompt. */
const SYSTEM = `You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, while being safe. Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous, or illegal content. Please ensure that your responses are socially unbiased and positive in nature.

If a question does not make any sense, or is not factually coherent, explain why instead of answering something not correct. If you don't know the answer to a question, please don't share false information.`;

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
    default_system: SYSTEM,
    trim: true,
  };
}
