import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/longwriter-6k-filtered */
@dataset({
  id: 'longwriter-6k-filtered',
  summary: 'The best rows of longwriter-6k',
  ms: 'swift/longwriter-6k-filtered',
  tags: ['long', 'chat', 'sft'],
})
export class Longwriter6kFiltered extends AutoPreprocessor {}
