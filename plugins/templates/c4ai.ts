import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { COHERE } from './_cohere.js';

/** https://huggingface.co/CohereForAI/c4ai-command-r-plus/blob/main/tokenizer_config.json */
@template({ id: 'c4ai', summary: '<|USER_TOKEN|> turns of Command R' })
export class C4ai extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...COHERE,
    default_system:
      'You are Command-R, a brilliant, sophisticated, AI-assistant trained to assist human users by providing thorough responses.You are trained by Cohere.',
  };
}
