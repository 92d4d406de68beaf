import { dataset } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** https://huggingface.co/datasets/open-r1/verifiable-coding-problems-python: rewards find the tests in `verification_info`. */
@dataset({
  id: 'verifiable-coding-problems-python',
  summary: '35,735 problems to solve in Python, with tests',
  hf: 'open-r1/verifiable-coding-problems-python',
  ms: 'open-r1/verifiable-coding-problems-python',
  tags: ['grpo', 'code'],
})
export class VerifiableCodingProblemsPython implements Preprocessor {
  toRow({ problem_statement }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return asked(problem_statement, context);
  }
}
