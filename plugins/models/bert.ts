import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { BERT_FIELDS, BERT_FORMER_NAMES, bertTraits, tanhScore } from './_bert.js';

/** BERT and StructBERT. */
@model({
  family: 'bert',
  summary: 'BERT and StructBERT: encoders for vectors, classes and ranks',
  architectures: ['BertModel', 'BertForMaskedLM', 'BertForPreTraining', 'BertForSequenceClassification'],
  model_types: ['bert', 'structbert'],
  template: 'dummy',
  lora_target_modules: ['query', 'key', 'value'],
  ignored_tensors: [/^cls\./, /(^|\.)pooler\./, /(^|\.)embeddings\.position_ids$/],
  former_names: BERT_FORMER_NAMES,
  variants: { nlp_structbert_backbone_base_std: { ms: 'iic/nlp_structbert_backbone_base_std' } },
})
export class Bert extends DecoderLoader implements ModelLoader {
  protected override readonly fields = BERT_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = bertTraits(reader, 'bert');
    return {
      ...traits,
      score: tanhScore(traits, { dense: 'bert.pooler.dense', out: 'classifier' }),
      names: { ...traits.names, score: '' },
    };
  }
}
