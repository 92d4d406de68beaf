import type { TemplateSpec } from 'swift-ts/plugin';

export const GEMMA3: TemplateSpec = {
  prefix: ['<bos>'],
  system_prefix: null,
  prompt: ['<start_of_turn>user\n', '{{SYSTEM}}\n\n', '{{QUERY}}<end_of_turn>\n<start_of_turn>model\n'],
  chat_sep: ['<end_of_turn>\n'],
  suffix: ['<end_of_turn>'],
};
