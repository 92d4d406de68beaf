import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GLM4_7 } from './_glm.js';

/** https://huggingface.co/ZhipuAI/GLM-5.2/blob/main/tokenizer_config.json */
@template({ id: 'glm5_2', agent: 'glm5_1', summary: 'GLM-5.2 turns, thoughts first' })
export class Glm5_2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GLM4_7,
    generation_prefix: '<think></think>',
    history_thinking: '<think></think>',
    empty_thinking: '<think></think>',
    thought: '<think>{{THOUGHT}}</think>',
  };
}
