import type { TemplateSpec } from 'swift-ts/plugin';

/** `<|user|>` turns of Phi-3. */
export const PHI3: TemplateSpec = {
  prefix: [],
  system_prefix: ['<|system|>\n{{SYSTEM}}<|end|>\n'],
  prompt: ['<|user|>\n{{QUERY}}<|end|>\n<|assistant|>\n'],
  chat_sep: ['<|end|>\n'],
  suffix: ['<|end|>'],
  auto_add_bos: true,
};
