import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** ChatML; the answer begins with thoughts. */
@template({ id: 'minicpm5', agent: 'minicpm5', summary: 'ChatML of MiniCPM5, which thinks first' })
export class Minicpm5 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    auto_add_bos: true,
    generation_prefix: '<think>\n',
    thinking: 'add-empty',
  };
}
