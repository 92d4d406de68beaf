import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://github.com/X-PLUG/mPLUG-Owl/blob/main/mPLUG-Owl2/mplug_owl2/conversation.py */
@template({
  id: 'mplug-owl2',
  summary: 'USER: and ASSISTANT: of mPLUG-Owl2',
  also: { mplug_owl2: 'mplug-owl2 under its later id' },
})
export class MplugOwl2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['USER: {{QUERY}}ASSISTANT:'],
    chat_sep: ['</s>'],
    suffix: [['eos_token_id']],
    stop_words: ['<|endoftext|>', '</s>'],
  };
}
