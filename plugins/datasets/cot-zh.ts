import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/YorickHe/CoT_zh */
@dataset({
  id: 'cot-zh',
  summary: 'Chains of thought, Chinese',
  ms: 'YorickHe/CoT_zh',
  tags: ['chat', 'general'],
})
export class CotZh extends AutoPreprocessor {}
