import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/ultrafeedback-binarized-preferences-cleaned-kto */
@dataset({
  id: 'ultrafeedback-kto',
  summary: 'Answers marked good or bad, for KTO',
  ms: 'AI-ModelScope/ultrafeedback-binarized-preferences-cleaned-kto',
  tags: ['rlhf', 'kto'],
})
export class UltrafeedbackKto extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', completion: 'response', label: 'label' };
}
