import type { Log } from '../contracts/log.js';
import { didYouMean, SwiftError } from '../errors.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { CausalLM } from '../nn/index.js';
import { sameShape } from '../graph/index.js';
import type { WeightPlan } from './weight-plan.js';

/** Buffers that older checkpoints carry and every loader computes itself. */
const COMPUTED = /rotary_emb\.inv_freq$|attn\.masked_bias$/;

/**
 * Fills every parameter from a weight file, by state-dict name, in the format that `plan` gives it.
 * @throws SwiftError MISSING_WEIGHT, SHAPE_MISMATCH
 */
export async function bindWeights(
  model: CausalLM,
  source: TensorSource,
  { place, plan, log }: { readonly place: string; readonly plan: WeightPlan; readonly log: Log },
): Promise<void> {
  const left = new Set(source.names().filter((name) => !COMPUTED.test(name)));
  for (const [alias] of model.tied) left.delete(alias);
  for (const [name, parameter] of model.namedParameters()) {
    if (!source.has(name)) {
      throw new SwiftError('MISSING_WEIGHT', `${place} has no tensor '${name}'`, {
        cure: [...didYouMean(name, source.names()), 'Is the model_type right for this checkpoint?'],
      });
    }
    const { shape } = source.info(name);
    if (!sameShape(shape, parameter.shape)) {
      throw new SwiftError(
        'SHAPE_MISMATCH',
        `${place}: tensor '${name}' is [${shape}], config.json asks for [${parameter.shape}]`,
        { cure: 'The weights and config.json do not belong together; download the model again.' },
      );
    }
    parameter.hold(await plan.read(parameter, name, source));
    left.delete(name);
  }
  plan.report(place, log);
  if (left.size > 0) {
    const [first] = left;
    log.warn(
      `${place}: ${left.size} tensors belong to no part of this model and were left out, e.g. ${first}`,
    );
  }
}
