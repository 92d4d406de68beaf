import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of Mistral since its system prompt has tokens of its own. */
export const MISTRAL: TemplateSpec = {
  prefix: ['<s>'],
  system_prefix: ['<s>[SYSTEM_PROMPT]{{SYSTEM}}[/SYSTEM_PROMPT]'],
  prompt: ['[INST]{{QUERY}}[/INST]'],
  chat_sep: ['</s>'],
  suffix: ['</s>'],
};
