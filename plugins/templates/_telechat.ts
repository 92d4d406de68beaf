import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of TeleChat. SWIFT names its tokens by attributes that only generation_config.json has; here is their text. */
export const TELECHAT: TemplateSpec = {
  prefix: [],
  system_prefix: ['<_system>{{SYSTEM}}\n'],
  prompt: ['<_user>{{QUERY}}<_bot>'],
  chat_sep: ['<_end>'],
  suffix: ['<_end>'],
};
