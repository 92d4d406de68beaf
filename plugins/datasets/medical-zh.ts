import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/medical_zh */
@dataset({
  id: 'medical-zh',
  summary: 'Medical questions, Chinese',
  ms: 'swift/medical_zh',
  subsets: ['zh'],
  tags: ['chat', 'medical'],
})
export class MedicalZh extends ColumnPreprocessor {
  readonly columns = { instruction: 'query', output: 'response' };
}
