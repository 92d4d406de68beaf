import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MISTRAL } from './_mistral.js';

/** https://huggingface.co/mistralai/Mistral-Small-3.1-24B-Instruct-2503 */
@template({
  id: 'mistral_2503',
  summary: '[INST] turns of Mistral Small 3.1, without a system prompt of its own',
  also: {
    mistral_2506: '[INST] turns of Mistral Small 3.2',
    mistral_2512: '[INST] turns of Ministral 3',
    mistral_2512_thinking: '[INST] turns of Ministral 3 that reasons',
  },
  agent: { mistral_2512: 'mistral', mistral_2512_thinking: 'mistral' },
})
export class Mistral2503 extends SpecTemplate {
  readonly spec: TemplateSpec = MISTRAL;
}
