import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GEMMA4 } from './_gemma4.js';

/** https://huggingface.co/google/gemma-4-E2B-it/blob/main/chat_template.jinja */
@template({ id: 'gemma4_nothinking', agent: 'gemma4', summary: '<|turn> turns of the small Gemma 4' })
export class Gemma4NoThinking extends SpecTemplate {
  readonly spec: TemplateSpec = GEMMA4;
}
