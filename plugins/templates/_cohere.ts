import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of Cohere. SWIFT leaves BOS and the last character of the system turn out; the vendor does not. */
export const COHERE: TemplateSpec = {
  prefix: ['<BOS_TOKEN>'],
  system_prefix: ['<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>{{SYSTEM}}<|END_OF_TURN_TOKEN|>'],
  prompt: [
    '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>{{QUERY}}<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
  ],
  chat_sep: ['<|END_OF_TURN_TOKEN|>'],
  suffix: ['<|END_OF_TURN_TOKEN|>'],
};
