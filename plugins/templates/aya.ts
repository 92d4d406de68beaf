import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { COHERE } from './_cohere.js';

/** https://huggingface.co/CohereForAI/aya-expanse-8b/blob/main/tokenizer_config.json */
@template({ id: 'aya', summary: '<|USER_TOKEN|> turns of Aya' })
export class Aya extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...COHERE,
    default_system:
      'You are Aya, a brilliant, sophisticated, multilingual AI-assistant trained to assist human users by providing thorough responses. You are able to interact and respond to questions in 23 languages and you are powered by a multilingual model built by Cohere For AI.',
  };
}
