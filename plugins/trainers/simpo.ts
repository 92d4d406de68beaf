import { argument, trainer, type ValuesOf } from 'swift-ts/plugin';
import type { Objective, Trainer } from 'swift-ts/plugin';
import { contrastiveArguments } from './_contrastive-arguments.js';
import { ContrastivePreference } from './_contrastive-preference.js';

const simpoArguments = {
  ...contrastiveArguments,
  beta: argument.float({
    default: 2,
    min: 0,
    above: true,
    help: 'factor on how much more likely per token the chosen answer is',
  }),
  cpo_alpha: argument.float({
    default: 0,
    min: 0,
    help: "weight of the chosen answers' cross entropy beside the loss (CPO-SimPO)",
  }),
} as const;

/**
 * Simple preference optimization (Meng et al., 2024, arXiv 2405.14734): −log σ(β·(mean log p(chosen) − mean log p(rejected)) − γ), means
 * over tokens. No reference model.
 */
@trainer({
  id: 'simpo',
  command: 'rlhf',
  summary: 'simple preference optimization: likelihoods per token, without a reference model',
  arguments: simpoArguments,
  defaults: { lora_dropout: 0 },
})
export class SimpoTrainer implements Trainer<ValuesOf<typeof simpoArguments>> {
  readonly supervise = 'assistant';

  objective(options: ValuesOf<typeof simpoArguments>): Objective {
    return new ContrastivePreference({ ...options, loss_type: 'simpo' });
  }
}
