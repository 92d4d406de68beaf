import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/sharegpt */
@dataset({
  id: 'sharegpt',
  summary: 'Dialogues that users shared, Chinese and English',
  ms: 'swift/sharegpt',
  subsets: ['common-zh', 'computer-zh', 'unknow-zh', 'common-en', 'computer-en'],
  tags: ['chat', 'general', 'multi-round'],
})
export class Sharegpt extends AutoPreprocessor {}
