import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** Formats that SWIFT 3 and later know by another id than SWIFT 2; both ids are kept. */

export const CODEFUSE_CODELLAMA: TemplateSpec = {
  prefix: [],
  system_prefix: ['{{SYSTEM}}'],
  prompt: ['<|role_start|>human<|role_end|>{{QUERY}}<|role_start|>bot<|role_end|>'],
  chat_sep: [],
  suffix: [['eos_token_id']],
};

export const LONGWRITER_LLAMA: TemplateSpec = {
  prefix: ['[INST]'],
  system_prefix: ['<<SYS>>\n{{SYSTEM}}\n<</SYS>>\n\n'],
  prompt: ['{{QUERY}}[/INST]'],
  chat_sep: ['[INST]'],
  suffix: ['<|end_of_text|>'],
};

export const NUMINA_MATH: TemplateSpec = {
  prefix: [['bos_token_id']],
  system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
  prompt: ['### Problem: {{QUERY}}\n### Solution: '],
  chat_sep: ['\n'],
  suffix: [['eos_token_id']],
};

export const YI_CODER: TemplateSpec = {
  ...CHATML,
  default_system: 'You are a helpful assistant.',
  auto_add_bos: true,
};
