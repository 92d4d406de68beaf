import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/swift/swift-sft-mixture */
@dataset({
  id: 'swift-mix',
  summary: 'A mixture of general, code and math rows',
  ms: 'swift/swift-sft-mixture',
  subsets: ['sharegpt', 'firefly', 'codefuse', 'metamathqa'],
  tags: ['chat', 'sft', 'general'],
})
export class SwiftMix extends AutoPreprocessor {}
