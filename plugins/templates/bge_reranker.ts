import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/BAAI/bge-reranker-base/blob/main/tokenizer_config.json */
@template({ id: 'bge_reranker', summary: 'A pair of texts for the BGE rerankers' })
export class BgeReranker extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s> '],
    system_prefix: null,
    prompt: ['{{QUERY}}</s></s> '],
    chat_sep: [],
    suffix: ['</s>'],
  };
}
