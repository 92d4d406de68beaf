import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/Qwen/Qwen3-Embedding-0.6B/blob/main/tokenizer_config.json */
@template({ id: 'qwen3_emb', summary: 'The text and <|endoftext|>, of Qwen3-Embedding' })
export class Qwen3Emb extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}'],
    chat_sep: [],
    suffix: ['<|endoftext|>'],
    whole_questions: true,
  };
}
