import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2.5-0.5B-Instruct/blob/main/tokenizer_config.json */
@template({
  id: 'qwen2_5',
  agent: 'hermes',
  summary: 'ChatML of Qwen2.5',
  also: { minicpmo: 'ChatML of MiniCPM-o 2.6' },
})
export class Qwen2_5 extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.',
  };
}
