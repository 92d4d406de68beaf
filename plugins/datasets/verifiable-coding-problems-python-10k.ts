import { dataset } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** https://huggingface.co/datasets/open-r1/verifiable-coding-problems-python-10k: rewards find the tests in `verification_info`. */
@dataset({
  id: 'verifiable-coding-problems-python-10k',
  summary: '1,800 problems to solve in Python, with tests',
  hf: 'open-r1/verifiable-coding-problems-python-10k',
  ms: 'open-r1/verifiable-coding-problems-python-10k',
  tags: ['grpo', 'code'],
})
export class VerifiableCodingProblemsPython10k implements Preprocessor {
  toRow({ problem }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return asked(problem, context);
  }
}
