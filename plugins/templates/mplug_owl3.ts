import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/mPLUG/mPLUG-Owl3-7B-240728 */
@template({
  id: 'mplug_owl3',
  summary: 'ChatML of mPLUG-Owl3',
  also: { mplug_owl3_241101: 'ChatML of mPLUG-Owl3 241101' },
})
export class MplugOwl3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    prefix: ['<|im_start|>system\n<|im_end|>\n'],
    stop_words: ['<|endoftext|>'],
  };
}
