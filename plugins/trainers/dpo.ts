import { argument, SwiftError, trainer, type ValuesOf } from 'swift-ts/plugin';
import type { Objective, Trainer } from 'swift-ts/plugin';
import { DirectPreference } from './_direct-preference.js';
import { DIVERGENCE_TYPES } from './_divergences.js';
import { LOSS_TYPES, READERS } from './_preference-losses.js';

const dpoArguments = {
  beta: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'how much departing from the reference costs',
  }),
  label_smoothing: argument.float({
    default: 0,
    min: 0,
    max: 0.5,
    below: true,
    help: 'share of the preferences that are taken to be the wrong way round; exo_pair takes 0.001 for 0',
  }),
  loss_type: argument.choices(LOSS_TYPES, {
    default: ['sigmoid'],
    help: 'shape of the loss; of several, the weighted sum',
  }),
  loss_weights: argument.floats({
    default: [],
    min: 0,
    help: 'what each loss_type counts',
    derived: '1 each',
  }),
  rpo_alpha: argument.float({
    default: 0,
    min: 0,
    help: "weight of the chosen answers' cross entropy beside the loss; 0 leaves it out",
  }),
  ld_alpha: argument.float({
    default: 1,
    min: 0,
    max: 1,
    help: 'weight of the tokens by which an answer is longer than the other one of its pair (LD-DPO)',
  }),
  discopop_tau: argument.float({
    default: 0.05,
    min: 0,
    above: true,
    help: 'temperature of the loss discopop',
  }),
  f_divergence_type: argument.choice(DIVERGENCE_TYPES, {
    default: 'reverse_kl',
    help: 'divergence from the reference that is kept small',
  }),
  f_alpha_divergence_coef: argument.float({
    default: 0.5,
    help: 'α of alpha_divergence',
  }),
  reference_free: argument.bool({
    default: false,
    help: 'compare with no reference, as if it found every answer equally likely',
  }),
} as const;

export type DpoOptions = ValuesOf<typeof dpoArguments>;

/**
 * Direct preference optimization (Rafailov et al., 2023, arXiv 2305.18290): −log σ(β·R), where R is how much more than
 * the reference the model prefers the chosen answer; or another of the shapes in `_preference-losses.ts`, or several (MPO, Wang et al.,
 * 2024, arXiv 2411.10442). `rpo_alpha` α adds α times the mean cross entropy of the chosen answer's tokens (RPO, Pang et al., 2024, arXiv
 * 2404.19733). `ld_alpha` weighs what is longer in both models (LD-DPO, Liu et al., 2024, arXiv 2409.06411).
 */
@trainer({
  id: 'dpo',
  command: 'rlhf',
  summary: 'direct preference optimization on chosen and rejected answers',
  arguments: dpoArguments,
  defaults: { lora_dropout: 0 },
})
export class DpoTrainer implements Trainer<DpoOptions> {
  readonly supervise = 'assistant';

  objective(options: DpoOptions): Objective {
    checkRead(options);
    const weights = weightsOf(options);
    return new DirectPreference({
      ...options,
      losses: options.loss_type.map((name, i) => [name, weights[i]]),
    });
  }
}

function weightsOf({ loss_type, loss_weights }: DpoOptions): readonly number[] {
  if (loss_type.length === 0) throw new SwiftError('BAD_ARGUMENT', '--loss_type names no loss');
  if (loss_weights.length === 0) return loss_type.map(() => 1);
  if (loss_weights.length === loss_type.length) {
    if (loss_weights.some((weight) => weight !== 0)) return loss_weights;
    throw new SwiftError('BAD_ARGUMENT', `--loss_weights ${loss_weights.join(' ')}: nothing is learned`, {
      cure: 'Give some loss a weight above 0.',
    });
  }
  const fault = `--loss_weights has ${loss_weights.length} numbers for ${loss_type.length} of --loss_type`;
  throw new SwiftError('BAD_ARGUMENT', fault, { cure: 'Give one for each, in the same order.' });
}

/** @throws SwiftError BAD_ARGUMENT for an option that none of the losses reads, and a divergence that some loss does not know */
function checkRead(options: DpoOptions): void {
  const { loss_type, f_divergence_type } = options;
  for (const name of ['label_smoothing', 'discopop_tau'] as const) {
    const readers: readonly string[] = READERS[name];
    if (options[name] === dpoArguments[name].default || loss_type.some((one) => readers.includes(one)))
      continue;
    throw new SwiftError('BAD_ARGUMENT', `--${name}: --loss_type ${loss_type.join(' ')} does not read it`, {
      cure: `Leave it out; ${readers.join(', ')} read${readers.length === 1 ? 's' : ''} it.`,
    });
  }
  const known: readonly string[] = READERS.f_divergence_type;
  const other = loss_type.find((name) => !known.includes(name));
  if (f_divergence_type !== 'reverse_kl' && other !== undefined) {
    const fault = `--f_divergence_type ${f_divergence_type}: the loss ${other} has no such form`;
    throw new SwiftError('BAD_ARGUMENT', fault, { cure: `Those that have one: ${known.join(', ')}.` });
  }
  if (options.f_alpha_divergence_coef !== 0.5 && f_divergence_type !== 'alpha_divergence') {
    throw new SwiftError('BAD_ARGUMENT', `--f_alpha_divergence_coef: ${f_divergence_type} has none`, {
      cure: 'Leave it out, or choose --f_divergence_type alpha_divergence.',
    });
  }
}
