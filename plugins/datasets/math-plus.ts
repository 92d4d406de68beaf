import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/TIGER-Lab/MATH-plus (arXiv 2405.03548): rows of Alpaca's form. */
@dataset({
  id: 'math-plus',
  summary: 'MATH and GSM8K with further questions and worked answers, English',
  hf: 'TIGER-Lab/MATH-plus',
  ms: 'TIGER-Lab/MATH-plus',
  tags: ['qa', 'math', 'en', 'quality'],
})
export class MathPlus extends AutoPreprocessor {}
