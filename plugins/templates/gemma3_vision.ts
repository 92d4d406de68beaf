import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GEMMA3 } from './_gemma3.js';

/** https://huggingface.co/google/gemma-3-4b-it/blob/main/chat_template.json; blank lines around pictures belong to these, and stay. */
@template({
  id: 'gemma3_vision',
  summary: '<start_of_turn> turns of Gemma 3 that sees, the system prompt in the first one',
})
export class Gemma3Vision extends SpecTemplate {
  readonly spec: TemplateSpec = GEMMA3;
}
