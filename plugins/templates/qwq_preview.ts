import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/QwQ-32B-Preview/blob/main/tokenizer_config.json */
@template({ id: 'qwq_preview', summary: 'ChatML of QwQ-32B-Preview' })
export class QwqPreview extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    default_system:
      'You are a helpful and harmless assistant. You are Qwen developed by Alibaba. You should think step-by-step.',
    stop_words: ['<|endoftext|>'],
  };
}
