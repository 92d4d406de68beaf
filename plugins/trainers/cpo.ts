import { argument, SwiftError, trainer, type ValuesOf } from 'swift-ts/plugin';
import type { Objective, Trainer } from 'swift-ts/plugin';
import { ContrastivePreference, CONTRASTS } from './_contrastive-preference.js';
import { contrastiveArguments } from './_contrastive-arguments.js';

const cpoArguments = {
  ...contrastiveArguments,
  beta: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'factor on how much more likely the chosen answer is',
  }),
  loss_type: argument.choice(CONTRASTS, { default: 'sigmoid', help: 'shape of the loss' }),
  cpo_alpha: argument.float({
    default: 1,
    min: 0,
    help: "weight of the chosen answers' cross entropy beside the loss; 0 leaves it out",
  }),
} as const;

/**
 * Contrastive preference optimization (Xu et al., 2024, arXiv 2401.08417): −log σ(β·(log p(chosen) − log p(rejected))) and the cross
 * entropy of the chosen answer, its mean over tokens. No reference model.
 */
@trainer({
  id: 'cpo',
  command: 'rlhf',
  summary: 'contrastive preference optimization: without a reference model',
  arguments: cpoArguments,
  defaults: { lora_dropout: 0 },
})
export class CpoTrainer implements Trainer<ValuesOf<typeof cpoArguments>> {
  readonly supervise = 'assistant';

  objective(options: ValuesOf<typeof cpoArguments>): Objective {
    const { loss_type, simpo_gamma, label_smoothing } = options;
    if (loss_type !== 'simpo' && simpo_gamma !== cpoArguments.simpo_gamma.default)
      throw unread('simpo_gamma', loss_type);
    if (label_smoothing > 0 && loss_type !== 'sigmoid' && loss_type !== 'simpo')
      throw unread('label_smoothing', loss_type);
    return new ContrastivePreference(options);
  }
}

const unread = (name: string, loss_type: string): SwiftError =>
  new SwiftError('BAD_ARGUMENT', `--${name}: --loss_type ${loss_type} does not read it`, {
    cure: 'Leave it out.',
  });
