import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/google/gemma-3-1b-it/blob/main/tokenizer_config.json */
@template({
  id: 'gemma3_text',
  summary: '<start_of_turn> turns of Gemma 3, the system prompt in the first one',
})
export class Gemma3Text extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<bos>'],
    system_prefix: null,
    prompt: ['<start_of_turn>user\n', '{{SYSTEM}}\n\n', '{{QUERY}}<end_of_turn>\n<start_of_turn>model\n'],
    chat_sep: ['<end_of_turn>\n'],
    suffix: ['<end_of_turn>'],
    trim: true,
  };
}
