import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-Reranker-0.6B/blob/main/tokenizer_config.json */
@template({ id: 'qwen3_reranker', summary: 'ChatML of Qwen3-Reranker, answered yes or no' })
export class Qwen3Reranker extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    default_system:
      'Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the answer can only be "yes" or "no".',
    stop_words: ['<|endoftext|>'],
    thinking: 'add-empty',
    generation_prefix: '<think>\n\n</think>\n\n',
  };
}
