import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/modelscope/MathR */
@dataset({
  id: 'mathr',
  summary: 'Problems of mathematics, thought through by DeepSeek-R1',
  ms: 'modelscope/MathR',
  subsets: ['default', 'clean'],
  tags: ['qa', 'math'],
})
export class MathR extends AutoPreprocessor {}
