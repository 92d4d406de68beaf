import { argument } from 'swift-ts/plugin';

/** What CPO and SimPO both take. */
export const contrastiveArguments = {
  label_smoothing: argument.float({
    default: 0,
    min: 0,
    max: 0.5,
    below: true,
    help: 'share of the preferences that are taken to be the wrong way round',
  }),
  simpo_gamma: argument.float({
    default: 1,
    min: 0,
    help: 'reward by which the chosen answer should be ahead (SimPO)',
  }),
  alpha: argument.float({
    default: 0,
    help: "shape of rewards: α of AlphaPO's (1 − p^−α)/α; 0 is log p",
  }),
} as const;
