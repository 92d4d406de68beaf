import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/QVQ-72B-Preview/blob/main/chat_template.json */
@template({ id: 'qvq', agent: 'hermes', summary: 'ChatML of QVQ' })
export class Qvq extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system:
      'You are a helpful and harmless assistant. You are Qwen developed by Alibaba. Answer in the language of the question. You should think step-by-step.',
  };
}
