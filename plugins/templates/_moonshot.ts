import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of Moonshot AI. Each role is said twice: as a token and as text. */
export const MOONSHOT: TemplateSpec = {
  prefix: [],
  system_prefix: ['<|im_system|>system<|im_middle|>{{SYSTEM}}<|im_end|>'],
  prompt: ['<|im_user|>user<|im_middle|>{{QUERY}}<|im_end|><|im_assistant|>assistant<|im_middle|>'],
  chat_sep: ['<|im_end|>'],
  suffix: ['<|im_end|>'],
};
