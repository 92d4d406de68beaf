import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/open-r1/DAPO-Math-17k-Processed (DAPO, arXiv 2503.14476): a prompt, and a whole number as solution. */
@dataset({
  id: 'dapo-math-17k-processed',
  summary: '17,398 problems of mathematics whose answers are whole numbers',
  hf: 'open-r1/DAPO-Math-17k-Processed',
  ms: 'open-r1/DAPO-Math-17k-Processed',
  subsets: ['all', 'en', 'cn'],
  tags: ['math', 'rlvr'],
})
export class DapoMath17kProcessed extends AutoPreprocessor {}
