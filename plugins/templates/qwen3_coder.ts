import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'qwen3_coder', agent: 'qwen3_coder', summary: 'ChatML of Qwen3-Coder' })
export class Qwen3Coder extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    stop_words: ['<|endoftext|>'],
  };
}
