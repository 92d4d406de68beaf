import { argument, trainer, type ValuesOf } from 'swift-ts/plugin';
import type { Objective, Trainer } from 'swift-ts/plugin';
import { DirectPreference } from './_direct-preference.js';

const ipoArguments = {
  beta: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'τ of the paper: the preference per token aimed at is 1/(2β)',
  }),
} as const;

/** Identity preference optimization (Azar et al., 2023, arXiv 2310.12036): DPO with the loss `ipo`. */
@trainer({
  id: 'ipo',
  command: 'rlhf',
  summary: 'identity preference optimization: DPO with a squared loss that does not saturate',
  arguments: ipoArguments,
  defaults: { lora_dropout: 0 },
})
export class IpoTrainer implements Trainer<ValuesOf<typeof ipoArguments>> {
  readonly supervise = 'assistant';

  objective({ beta }: ValuesOf<typeof ipoArguments>): Objective {
    return new DirectPreference({
      beta,
      losses: [['ipo', 1]],
      label_smoothing: 0,
      discopop_tau: 0.05,
      rpo_alpha: 0,
      ld_alpha: 1,
      f_divergence_type: 'reverse_kl',
      f_alpha_divergence_coef: 0.5,
      reference_free: false,
    });
  }
}
