import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/AI-MO/NuminaMath-TIR: messages, and problem and solution apart. */
@dataset({
  id: 'numinamath-tir',
  summary: '72,441 problems of mathematics, solved with programs',
  hf: 'AI-MO/NuminaMath-TIR',
  ms: 'AI-MO/NuminaMath-TIR',
  tags: ['grpo', 'math'],
})
export class NuminaMathTir extends AutoPreprocessor {}
