import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** ChatML with a default system prompt of its own. */
@template({ id: 'minimind', summary: 'ChatML of MiniMind2' })
export class Minimind extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    default_system: 'You are a helpful assistant',
    stop_words: ['<|endoftext|>'],
  };
}
