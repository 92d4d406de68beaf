import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/AI-MO/NuminaMath-CoT: messages, and problem and solution apart. */
@dataset({
  id: 'numinamath-cot',
  summary: '859,494 problems of mathematics, solved step by step',
  hf: 'AI-MO/NuminaMath-CoT',
  ms: 'AI-MO/NuminaMath-CoT',
  tags: ['grpo', 'math'],
})
export class NuminaMathCot extends AutoPreprocessor {}
