/** Which of a model's adapters take part. */
import { tmpdir } from 'node:os';
import { OffloadedAdapters } from '../adapter/offloaded-adapters.js';
import { didYouMean, SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { adapterNames, adapterParameters } from '../nn/index.js';
import { isTraining } from './train-in-folder.js';
import type { TunableModel } from './tunable-model.js';

/** @throws SwiftError BAD_ARGUMENT for a name that the model does not have, or an adapter that cannot be switched */
export async function setAdapters(
  model: TunableModel,
  adapters: readonly string[] | Readonly<Record<string, number>>,
  offload: boolean,
): Promise<void> {
  const { model: tree } = model.loaded;
  const weights = chosenAdapters(model, adapters);
  if (isTraining(tree)) {
    throw new SwiftError('BAD_ARGUMENT', 'this model is being trained: its adapters stay as they are', {
      cure: 'Wait until its training has ended.',
    });
  }
  const fixed = [...tree.fixed_adapters].find((name) => weights.get(name) !== 1);
  if (fixed !== undefined) {
    throw new SwiftError('BAD_ARGUMENT', `adapter '${fixed}' cannot be switched or weighted`, {
      cure: 'It also tunes weights of the model itself (modules_to_save, biases): load the base model anew to go without it.',
    });
  }
  for (const name of weights.keys()) await model.offloaded?.bringBack(tree, name);
  tree.active_adapters = weights;
  for (const name of adapterNames(tree))
    for (const parameter of adapterParameters(tree, name)) parameter.trainable = weights.has(name);
  if (!offload) return;
  model.offloaded ??= new OffloadedAdapters(await ScratchFile.open(tmpdir()));
  for (const name of adapterNames(tree)) if (!weights.has(name)) await model.offloaded.offload(tree, name);
}

/** @throws SwiftError BAD_ARGUMENT for a name that the model does not have, or a factor that is no number */
export function chosenAdapters(
  { loaded: { model } }: Pick<TunableModel, 'loaded'>,
  adapters: readonly string[] | Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  const isList = Array.isArray(adapters) && adapters.every((name) => typeof name === 'string');
  if (typeof adapters !== 'object' || adapters === null || (Array.isArray(adapters) && !isList)) {
    throw new SwiftError('BAD_ARGUMENT', 'adapters are given neither as names nor as factors by name', {
      cure: "Give a list, ['first'], or an object, { first: 0.5 }.",
    });
  }
  const given: [string, unknown][] = Array.isArray(adapters)
    ? (adapters as readonly string[]).map((name) => [name, 1])
    : Object.entries(adapters);
  const names = adapterNames(model);
  for (const [name, weight] of given) {
    if (!names.includes(name)) {
      throw new SwiftError('BAD_ARGUMENT', `the model has no adapter '${name}'`, {
        cure: [
          ...didYouMean(name, names),
          names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has no adapters.',
        ],
      });
    }
    if (typeof weight !== 'number' || !Number.isFinite(weight)) {
      throw new SwiftError('BAD_ARGUMENT', `adapter '${name}' counts ${JSON.stringify(weight)}`, {
        cure: 'Give a number, 1 for all of it.',
      });
    }
  }
  return new Map(given as [string, number][]);
}
