import { lossScale, type LossScale } from 'swift-ts/plugin';

/** For answers of a planner that names who is next (α-UMi, arXiv 2401.07324). */
@lossScale({
  id: 'alpha_umi',
  summary: 'as react, and Next of α-UMi weighs 2',
  also: { 'alpha-umi': "alpha_umi, by SWIFT 2.4's name" },
})
export class AlphaUmiLossScale implements LossScale {
  readonly response = {
    'Action:': [2, 2],
    'Action Input:': [2, 2],
    'Thought:': [1, 1],
    'Final Answer:': [1, 1],
    'Observation:': [2, 0],
    'Next:': [2, 2],
  };
}
