import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/internlm/Intern-S1/blob/main/chat_template.jinja */
@template({ id: 'interns1', summary: 'ChatML of Intern-S1, which always thinks' })
export class InternS1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system:
      'You are an expert reasoner with extensive experience in all areas. ' +
      'You approach problems through systematic thinking and rigorous reasoning. ' +
      'Your response should reflect deep understanding and precise logical thinking, ' +
      'making your solution path and reasoning clear to others. ' +
      'Please put your thinking process within <think>...</think> tags.',
    auto_add_bos: true,
    thinking: 'strip',
    generation_prefix: '<think>',
  };
}
