import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/BelleGroup/school_math_0.25M */
@dataset({
  id: 'school-math-zh',
  summary: '250,000 school arithmetic problems, Chinese',
  hf: 'BelleGroup/school_math_0.25M',
  ms: 'AI-ModelScope/school_math_0.25M',
  tags: ['chat', 'math', 'quality'],
})
export class SchoolMathZh extends AutoPreprocessor {}
