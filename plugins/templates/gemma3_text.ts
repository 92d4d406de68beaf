import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GEMMA3 } from './_gemma3.js';

/** https://huggingface.co/google/gemma-3-1b-it/blob/main/tokenizer_config.json */
@template({
  id: 'gemma3_text',
  summary: '<start_of_turn> turns of Gemma 3, the system prompt in the first one',
})
export class Gemma3Text extends SpecTemplate {
  readonly spec: TemplateSpec = { ...GEMMA3, trim: true };
}
