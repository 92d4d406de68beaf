import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/tastelikefeet/competition_math (MATH, arXiv 2103.03874): problem and worked solution, the answer in a box. */
@dataset({
  id: 'competition-math',
  summary: 'Problems of mathematics competitions with worked solutions',
  ms: 'tastelikefeet/competition_math',
  tags: ['qa', 'math'],
})
export class CompetitionMath extends AutoPreprocessor {}
