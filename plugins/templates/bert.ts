import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/Alibaba-NLP/gte-reranker-modernbert-base/blob/main/tokenizer_config.json */
@template({ id: 'bert', summary: 'A pair of texts for BERT-like classifiers' })
export class Bert extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}[SEP]'],
    chat_sep: ['[SEP]'],
    suffix: [['eos_token_id']],
    auto_add_bos: true,
  };
}
