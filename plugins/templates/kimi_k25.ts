import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MOONSHOT } from './_moonshot.js';

/** https://huggingface.co/moonshotai/Kimi-K2.5/blob/main/chat_template.jinja */
@template({ id: 'kimi_k25', agent: 'kimi_k25', summary: '<|im_user|> turns of Kimi K2.5, thoughts first' })
export class KimiK25 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MOONSHOT,
    thinking: 'add-empty',
    generation_prefix: '<think>',
    history_thinking: '<think></think>',
    empty_thinking: '<think></think>',
    thought: '<think>{{THOUGHT}}</think>',
  };
}
