import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { BERT_FIELDS, bertTraits, tanhScore } from './_bert.js';

/** XLM-RoBERTa, on which the BGE rerankers stand: BERT whose positions begin behind the row of padding. */
@model({
  family: 'bge_reranker',
  summary: 'XLM-RoBERTa, and the BGE rerankers on it',
  architectures: ['XLMRobertaForSequenceClassification', 'XLMRobertaModel', 'XLMRobertaForMaskedLM'],
  model_types: ['xlm-roberta'],
  template: 'bge_reranker',
  lora_target_modules: ['query', 'key', 'value'],
  ignored_tensors: [/^lm_head\./, /(^|\.)pooler\./, /(^|\.)embeddings\.position_ids$/],
  variants: {
    'bge-reranker-base': { hf: 'BAAI/bge-reranker-base', ms: 'BAAI/bge-reranker-base' },
    'bge-reranker-v2-m3': { hf: 'BAAI/bge-reranker-v2-m3', ms: 'BAAI/bge-reranker-v2-m3' },
    'bge-reranker-large': { hf: 'BAAI/bge-reranker-large', ms: 'BAAI/bge-reranker-large' },
  },
})
export class BgeReranker extends DecoderLoader implements ModelLoader {
  protected override readonly fields = BERT_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = bertTraits(reader, 'roberta');
    const first_position = reader.number('pad_token_id', 1) + 1;
    return {
      ...traits,
      max_position_embeddings: traits.max_position_embeddings - first_position,
      embedding: { ...traits.embedding, first_position },
      score: tanhScore(traits, { dense: 'dense', out: 'out_proj' }),
      names: { ...traits.names, score: 'classifier' },
    };
  }
}
