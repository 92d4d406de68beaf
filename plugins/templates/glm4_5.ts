import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/**
 * https://huggingface.co/zai-org/GLM-4.5-Air/blob/main/tokenizer_config.json
 * glm4_5v: https://huggingface.co/zai-org/GLM-4.5V/blob/main/chat_template.jinja
 */
@template({
  id: 'glm4_5',
  agent: 'glm4_5',
  summary: 'GLM-4.5 turns; thoughts may come first',
  also: { glm4_5v: 'GLM-4.5V turns; thoughts may come first' },
})
export class Glm4_5 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GLM,
    thinking: 'add-empty',
    history_thinking: '<think></think>\n',
    empty_thinking: '<think></think>\n',
    thought: '<think>{{THOUGHT}}</think>\n',
  };
}
