import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/medical_zh */
@dataset({
  id: 'medical-en',
  summary: 'Medical questions, English',
  ms: 'swift/medical_zh',
  subsets: ['en'],
  tags: ['chat', 'medical'],
})
export class MedicalEn extends ColumnPreprocessor {
  readonly columns = { input: 'query', output: 'response' };
}
