import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/DigitalLearningGmbH/MATH-lighteval (MATH, arXiv 2103.03874) */
@dataset({
  id: 'math-lighteval',
  summary: 'Problems of mathematics competitions with worked solutions, for rewards',
  hf: 'DigitalLearningGmbH/MATH-lighteval',
  ms: 'AI-ModelScope/MATH-lighteval',
  tags: ['grpo', 'math'],
})
export class MathLighteval extends ColumnPreprocessor {
  readonly columns = { problem: 'query', solution: 'response' };
}
