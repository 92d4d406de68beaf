import { dataset } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** https://huggingface.co/datasets/open-r1/verifiable-coding-problems-python-10k_decontaminated: rewards find the tests in `verification_info`. */
@dataset({
  id: 'verifiable-coding-problems-python-10k-decontaminated',
  summary: '1,574 problems to solve in Python, with tests, without those of benchmarks',
  hf: 'open-r1/verifiable-coding-problems-python-10k_decontaminated',
  ms: 'open-r1/verifiable-coding-problems-python-10k_decontaminated',
  tags: ['grpo', 'code'],
})
export class VerifiableCodingProblemsPython10kDecontaminated implements Preprocessor {
  toRow({ problem }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return asked(problem, context);
  }
}
