import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GEMMA4 } from './_gemma4.js';

const EMPTY = '<|channel>thought\n<channel|>';

/** https://huggingface.co/google/gemma-4-31B-it/blob/main/chat_template.jinja */
@template({ id: 'gemma4', agent: 'gemma4', summary: '<|turn> turns of Gemma 4; thoughts may come first' })
export class Gemma4 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GEMMA4,
    thinking: 'add-empty',
    generation_prefix: EMPTY,
    empty_thinking: EMPTY,
    thought: '<|channel>thought\n{{THOUGHT}}<channel|>',
  };
}
