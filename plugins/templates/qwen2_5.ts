import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2.5-0.5B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'qwen2_5', summary: 'ChatML of Qwen2.5' })
export class Qwen2_5 extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    default_system: 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.',
    stop_words: ['<|endoftext|>'],
  };
}
