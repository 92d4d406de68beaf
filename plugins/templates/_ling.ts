import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of Ling. Answers end, earlier ones are followed by the next turn at once. */
export const LING: TemplateSpec = {
  prefix: [],
  system_prefix: ['<role>SYSTEM</role>{{SYSTEM}}'],
  prompt: ['<role>HUMAN</role>{{QUERY}}<role>ASSISTANT</role>'],
  chat_sep: [],
  suffix: ['<|endoftext|>'],
};
