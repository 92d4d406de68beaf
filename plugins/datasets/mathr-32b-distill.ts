import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/modelscope/MathR-32B-Distill */
@dataset({
  id: 'mathr-32b-distill',
  summary: 'Problems of mathematics, thought through by DeepSeek-R1-Distill-Qwen-32B',
  ms: 'modelscope/MathR-32B-Distill',
  subsets: ['data'],
  tags: ['qa', 'math'],
})
export class MathR32bDistill extends AutoPreprocessor {}
