import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/TIGER-Lab/MathInstruct */
@dataset({
  id: 'math-instruct',
  summary: 'Math problems with chains and programs of thought',
  hf: 'TIGER-Lab/MathInstruct',
  ms: 'AI-ModelScope/MathInstruct',
  tags: ['math', 'cot', 'en', 'quality'],
})
export class MathInstruct extends ColumnPreprocessor {
  readonly columns = { instruction: 'query', output: 'response' };
}
