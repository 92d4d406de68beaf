import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/QwQ-32B-Preview/blob/main/tokenizer_config.json */
@template({ id: 'qwq_preview', agent: 'hermes', summary: 'ChatML of QwQ-32B-Preview' })
export class QwqPreview extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system:
      'You are a helpful and harmless assistant. You are Qwen developed by Alibaba. You should think step-by-step.',
  };
}
