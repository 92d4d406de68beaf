import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of MiniMax 01 and M1. */
export const MINIMAX: TemplateSpec = {
  prefix: [],
  system_prefix: ['<beginning_of_sentence>system ai_setting=assistant\n{{SYSTEM}}<end_of_sentence>\n'],
  prompt: [
    '<beginning_of_sentence>user name=user\n{{QUERY}}<end_of_sentence>\n<beginning_of_sentence>ai name=assistant\n',
  ],
  chat_sep: ['<end_of_sentence>\n'],
  suffix: ['<end_of_sentence>'],
};

/** Turns of MiniMax M2 and later, which always think. */
export const MINIMAX_M2: TemplateSpec = {
  prefix: [']~!b[]~b]system\n[e~[\n'],
  system_prefix: [']~!b[]~b]system\n{{SYSTEM}}[e~[\n'],
  prompt: [']~b]user\n{{QUERY}}[e~[\n]~b]ai\n'],
  chat_sep: ['[e~[\n'],
  suffix: ['[e~['],
  thinking: 'strip',
  generation_prefix: '<think>\n',
};
