import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of all generations of InternLM-XComposer2, but for the system text. */
export const XCOMPOSER: TemplateSpec = {
  prefix: ['<s>'],
  system_prefix: ['<s>[UNUSED_TOKEN_146]system\n{{SYSTEM}}[UNUSED_TOKEN_145]\n'],
  prompt: ['[UNUSED_TOKEN_146]user\n{{QUERY}}[UNUSED_TOKEN_145]\n[UNUSED_TOKEN_146]assistant\n'],
  chat_sep: ['[UNUSED_TOKEN_145]\n'],
  suffix: ['[UNUSED_TOKEN_145]'],
  stop_words: ['<|im_end|>'],
};
