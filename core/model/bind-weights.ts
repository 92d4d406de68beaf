import type { Log } from '../contracts/log.js';
import type { Scratch } from '../contracts/scratch.js';
import { didYouMean, SwiftError } from '../errors.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { CausalLM, Parameter, StoredWeight } from '../nn/index.js';
import { sameShape } from '../graph/index.js';
import type { WeightPlan } from './weight-plan.js';

export interface BindOptions {
  /** What the weight file is called in messages. */
  readonly place: string;
  readonly plan: WeightPlan;
  readonly log: Log;
  /** Where the matrices of the blocks go, to be read when they are needed; absent: everything stays in memory. */
  readonly scratch?: Scratch;
}

/** Buffers that older checkpoints carry and every loader computes itself. */
const COMPUTED = /rotary_emb\.inv_freq$|attn\.masked_bias$/;

/**
 * Fills every parameter from a weight file, by state-dict name, in the format that `plan` gives it.
 * @throws SwiftError MISSING_WEIGHT, SHAPE_MISMATCH
 */
export async function bindWeights(
  model: CausalLM,
  source: TensorSource,
  { place, plan, log, scratch }: BindOptions,
): Promise<void> {
  const inBlocks = new Set(model.blocks.flatMap((block) => [...block.namedParameters()].map(([, p]) => p)));
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
    const weight = await plan.read(parameter, name, source);
    if (scratch && inBlocks.has(parameter) && shape.length > 1) await spill(parameter, weight, scratch);
    else parameter.hold(weight);
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

/** Writes a weight to disk and lets go of it. */
export async function spill(parameter: Parameter, weight: StoredWeight, scratch: Scratch): Promise<void> {
  const places = [];
  for (const { data } of weight.parts) places.push(await scratch.store(data));
  parameter.spill(weight, places);
}
