import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/QwQ-32B/blob/main/tokenizer_config.json */
@template({ id: 'qwq', summary: 'ChatML of QwQ-32B, which always thinks' })
export class Qwq extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    stop_words: ['<|endoftext|>'],
    generation_prefix: '<think>\n',
    strip_thinking: true,
  };
}
