import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct/blob/main/chat_template.json */
@template({ id: 'qwen2-vl', summary: 'ChatML of Qwen2-VL' })
export class Qwen2Vl extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: 'You are a helpful assistant.',
  };
}
