import { counted } from '../counted.js';
import type { OptimizerParameter } from '../contracts/optimizer.js';
import type { Sample } from '../contracts/template.js';
import { SwiftError } from '../errors.js';
import { firstNonFinite } from '../io/non-finite.js';

export interface NonFiniteContext {
  readonly step: number;
  readonly loss: number;
  readonly samples: readonly Sample[];
  readonly parameters: readonly OptimizerParameter[];
  /** Which weight of the model is not finite, in words. */
  readonly weight?: string;
  /** Whether there is a checkpoint of this run. */
  readonly saved: boolean;
}

/** What is known when a loss or gradient is NaN or infinite. The weights are still those of the step before. */
export function nonFinite({ step, loss, samples, parameters, weight, saved }: NonFiniteContext): SwiftError {
  const bad = parameters.filter(({ grad }) => firstNonFinite(grad) >= 0);
  const where =
    bad.length === 0
      ? 'all gradients are finite'
      : `${bad.length} of ${parameters.length} gradients are not, first ${bad[0].name}`;
  const longest = samples.reduce((most, { input_ids }) => Math.max(most, input_ids.length), 0);
  return new SwiftError(
    'NON_FINITE_LOSS',
    `step ${step}: the loss is ${loss} (float32); ${where}; ${counted(samples.length, 'sample')} of up to ${counted(longest, 'token')}`,
    {
      cure: [
        ...(weight ? [`Before this step, ${weight}.`] : []),
        weight && step === 1
          ? 'The base model is damaged: get it again.'
          : 'Lower --learning_rate or raise --warmup_ratio.',
        ...(saved ? ['The last checkpoint is intact and can be resumed from.'] : []),
      ],
      exitCode: 1,
    },
  );
}
