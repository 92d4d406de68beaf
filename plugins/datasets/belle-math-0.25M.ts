import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/BelleGroup/school_math_0.25M: rows of Alpaca's form. */
@dataset({
  id: 'belle-math-0.25M',
  summary: 'A quarter of a million sums of school with their steps, Chinese',
  hf: 'BelleGroup/school_math_0.25M',
  ms: 'AI-ModelScope/school_math_0.25M',
  tags: ['math', 'zh'],
})
export class BelleMath extends AutoPreprocessor {}
