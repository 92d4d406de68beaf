import { counted } from '../counted.js';
import type { Log } from '../contracts/log.js';
import type { Scratch } from '../contracts/scratch.js';
import type { CodedWeights } from '../codec/coded-weights.js';
import { didYouMean, SwiftError } from '../errors.js';
import type { TensorSource } from '../io/tensor-source.js';
import { Linear, type CausalLM, type Parameter, type StoredWeight } from '../nn/index.js';
import { sameShape } from '../graph/index.js';
import { requireFiniteWeight } from './non-finite-weights.js';
import type { WeightPlan } from './weight-plan.js';

export interface BindOptions {
  /** What the weight file is called in messages. */
  readonly place: string;
  readonly plan: WeightPlan;
  readonly log: Log;
  /** Reads the parameters that a codec stored; absent: all are plain. */
  readonly coded?: CodedWeights;
  /** Where the matrices of the blocks go, to be read when they are needed; absent: everything stays in memory. */
  readonly scratch?: Scratch;
  /** Whether a tensor that the model does not take is one that it does without; none when absent. */
  readonly isIgnored?: (name: string) => boolean;
  /** Tensors that are read apart from these. */
  readonly isApart?: (name: string) => boolean;
}

/**
 * Fills every parameter from a weight file, by state-dict name, in the format that `plan` gives it.
 * @throws SwiftError MISSING_WEIGHT, SHAPE_MISMATCH, UNKNOWN_WEIGHT, NON_FINITE_WEIGHT
 */
export async function bindWeights(
  model: CausalLM,
  source: TensorSource,
  { place, plan, log, coded, scratch, isIgnored, isApart }: BindOptions,
): Promise<void> {
  const inBlocks = new Set(model.blocks.flatMap((block) => [...block.namedParameters()].map(([, p]) => p)));
  const transposed = transposedWeights(model);
  await checkNames(model, source, { place, log, coded, isIgnored, isApart });
  for (const [name, parameter] of model.namedParameters()) {
    const isCoded = coded?.holds(name) === true;
    if (!isCoded && !source.has(name)) {
      throw new SwiftError('MISSING_WEIGHT', `${place} has no tensor '${name}'`, {
        cure: [...didYouMean(name, source.names()), 'Is the model_type right for this checkpoint?'],
      });
    }
    const { shape } = isCoded ? parameter : source.info(name);
    if (!sameShape(shape, parameter.shape)) {
      throw new SwiftError(
        'SHAPE_MISMATCH',
        `${place}: tensor '${name}' is [${shape}], config.json asks for [${parameter.shape}]`,
        { cure: 'The weights and config.json do not belong together; download the model again.' },
      );
    }
    const inFile = isCoded ? undefined : plan.placeOf(parameter, name, source);
    if (inFile) {
      parameter.leave(inFile);
      continue;
    }
    const weight = isCoded
      ? plan.counted(await coded.read(name, shape, transposed.has(parameter)))
      : await plan.read(parameter, name, source);
    const spills = scratch && inBlocks.has(parameter) && shape.length > 1;
    // Scales and norms are few; values of a whole matrix are looked at when a result shows that some are not finite.
    if (spills || weight.parts.length > 1 || shape.length < 2)
      requireFiniteWeight(weight, name, (isCoded ? undefined : source.place?.(name)?.path) ?? place);
    if (spills) await spill(parameter, weight, scratch);
    else parameter.hold(weight);
  }
  plan.report(place, log);
}

/** Every tensor has a part of the model that takes it, or is known to be needed by none; before any data is read. */
async function checkNames(
  model: CausalLM,
  source: TensorSource,
  {
    place,
    log,
    coded,
    isIgnored = () => false,
    isApart = () => false,
  }: Pick<BindOptions, 'place' | 'log' | 'coded' | 'isIgnored' | 'isApart'>,
): Promise<void> {
  const names = [...model.namedParameters()].map(([name]) => name);
  const taken = new Set(names.flatMap((name) => (coded?.holds(name) ? coded.tensorsOf(name) : [name])));
  const aliases = new Set(model.tied.map(([alias]) => alias));
  const left = source.names().filter((name) => !taken.has(name) && !aliases.has(name) && !isApart(name));
  const empty = await coded?.emptyBiases(left);
  const unknown = left.filter((name) => !isIgnored(name) && !empty?.has(name));
  if (unknown.length > 0) throw unknownWeights(place, unknown, taken);
  if (left.length > 0)
    log.info(`weights: ${counted(left.length, 'tensor is', 'tensors are')} of no use here, e.g. ${left[0]}`);
}

/** Weights that are kept [in, out]. */
function transposedWeights(model: CausalLM): ReadonlySet<Parameter> {
  const linears = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof Linear ? [module] : [],
  );
  return new Set(linears.filter((linear) => linear.transposed).map(({ weight }) => weight));
}

/** How many names an error shows. */
const SHOWN = 5;

function unknownWeights(place: string, names: readonly string[], taken: ReadonlySet<string>): SwiftError {
  const rest = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const shown = names.slice(0, SHOWN).join(', ');
  return new SwiftError(
    'UNKNOWN_WEIGHT',
    `${place}: ${counted(names.length, 'tensor belongs', 'tensors belong')} to no part of this model: ${shown}${rest}`,
    {
      cure: [
        ...didYouMean(names[0], taken),
        'Leaving them out would make another model of it. Is config.json the one of these weights, and the model_type right?',
      ],
    },
  );
}

/** Writes a weight to disk and lets go of it. */
export async function spill(parameter: Parameter, weight: StoredWeight, scratch: Scratch): Promise<void> {
  const places = [];
  for (const { data } of weight.parts) places.push(await scratch.store(data));
  parameter.spill(weight, places);
}
