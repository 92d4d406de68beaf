import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2-0.5B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'qwen', summary: 'ChatML of Qwen 1 to 2' })
export class Qwen extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    default_system: 'You are a helpful assistant.',
    stop_words: ['<|endoftext|>'],
  };
}
