import { dataset } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** https://huggingface.co/datasets/open-r1/verifiable-coding-problems-python_decontaminated: rewards find the tests in `verification_info`. */
@dataset({
  id: 'verifiable-coding-problems-python-decontaminated',
  summary: '27,839 problems to solve in Python, with tests, without those of benchmarks',
  hf: 'open-r1/verifiable-coding-problems-python_decontaminated',
  ms: 'open-r1/verifiable-coding-problems-python_decontaminated',
  tags: ['grpo', 'code'],
})
export class VerifiableCodingProblemsPythonDecontaminated implements Preprocessor {
  toRow({ problem_statement }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return asked(problem_statement, context);
  }
}
