import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/AI-MO/NuminaMath-1.5: the worked solution is what is learned; the bare `answer` goes along for rewards. */
@dataset({
  id: 'numinamath-1.5',
  summary: '896,215 problems of mathematics with solutions and bare answers',
  hf: 'AI-MO/NuminaMath-1.5',
  ms: 'AI-MO/NuminaMath-1.5',
  tags: ['grpo', 'math'],
})
export class NuminaMath15 extends ColumnPreprocessor {
  readonly columns = { problem: 'query', solution: 'response' };
}
