import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/math-trn-format */
@dataset({
  id: 'math-trn-format',
  summary: '11,500 problems of MATH with worked answers',
  ms: 'AI-ModelScope/math-trn-format',
  tags: ['math'],
})
export class MathTrnFormat extends ColumnPreprocessor {
  readonly columns = { query: 'query', response: 'response' };
}
