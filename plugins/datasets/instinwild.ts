import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/wyj123456/instinwild */
@dataset({
  id: 'instinwild',
  summary: 'Instructions collected in the wild',
  ms: 'wyj123456/instinwild',
  subsets: ['default', 'subset'],
  tags: ['chat', 'general'],
})
export class Instinwild extends AutoPreprocessor {}
