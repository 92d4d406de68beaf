import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/YorickHe/CoT */
@dataset({
  id: 'cot-en',
  summary: 'Chains of thought, English',
  ms: 'YorickHe/CoT',
  tags: ['chat', 'general'],
})
export class CotEn extends AutoPreprocessor {}
