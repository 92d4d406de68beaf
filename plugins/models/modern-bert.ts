import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { MODERN_BERT_FIELDS, modernBertTraits } from './_modern-bert.js';

/** ModernBERT, and the embedding model and reranker that GTE makes of it. */
@model({
  family: 'modern_bert',
  summary: 'ModernBERT, and the embedding model and reranker that GTE makes of it',
  architectures: ['ModernBertForMaskedLM', 'ModernBertModel', 'ModernBertForSequenceClassification'],
  model_types: ['modernbert'],
  template: 'dummy',
  lora_target_modules: ['Wqkv'],
  ignored_tensors: [/^head\./, /^decoder\./],
  variants: {
    'modernbert-base': { hf: 'answerdotai/ModernBERT-base', ms: 'answerdotai/ModernBERT-base' },
    'modernbert-large': { hf: 'answerdotai/ModernBERT-large', ms: 'answerdotai/ModernBERT-large' },
    'gte-modernbert-base': { hf: 'Alibaba-NLP/gte-modernbert-base', ms: 'iic/gte-modernbert-base' },
    'gte-reranker-modernbert-base': {
      hf: 'Alibaba-NLP/gte-reranker-modernbert-base',
      ms: 'iic/gte-reranker-modernbert-base',
      template: 'bert',
    },
  },
})
export class ModernBert extends DecoderLoader implements ModelLoader {
  protected override readonly fields = MODERN_BERT_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    return modernBertTraits(reader);
  }
}
