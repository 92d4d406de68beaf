/** The model that an objective compares the trained one with. */
import type { Sample } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { sequencesOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { loadModel, type LoadModelOptions } from '../model/load-model.js';
import { locateModel, type LocatedModel } from '../model/locate-model.js';
import type { CausalLM } from '../nn/index.js';
import { parametersWithoutAdapters } from '../runtime/base-parameters.js';
import { keepBefore } from '../train/reference.js';
import type { TunedModel } from './tunable-model.js';
import type { Services } from './services.js';
import type { TrainArguments } from '../config/command-line.js';
import { loadingOptions } from './train-arguments.js';

/** Another model as the reference, found but not loaded. */
export interface OtherModel {
  readonly options: LoadModelOptions;
  readonly located: LocatedModel;
}

/**
 * Finds the reference model, where it is not the trained one as it was before.
 * @param resumesFull the trained model's own weights are those of a checkpoint, so its base is another model
 */
export async function locateReference(
  args: TrainArguments,
  resumesFull: boolean,
  services: Services,
): Promise<OtherModel | undefined> {
  const { ref_model_type, ref_model_id_or_path, ref_model_revision } = args;
  const isGiven = (ref_model_type ?? ref_model_id_or_path) != null;
  if (!isGiven && ref_model_revision != null) {
    throw new SwiftError('BAD_ARGUMENT', '--ref_model_revision is given without a reference model', {
      cure: 'Name it: --ref_model_type or --ref_model_id_or_path.',
    });
  }
  if (!isGiven && !resumesFull) return undefined;
  const base = loadingOptions(args, services);
  const options = isGiven
    ? {
        ...base,
        model_type: ref_model_type ?? undefined,
        model_id_or_path: ref_model_id_or_path ?? undefined,
        model_revision: ref_model_revision ?? undefined,
        template_type: undefined,
        agent_template: undefined,
      }
    : base;
  return { options, located: await locateModel(options, services) };
}

/** @throws SwiftError BAD_ARGUMENT where samples have tokens that are none, or others, to the reference model */
export function checkReference(
  { located }: OtherModel,
  samples: readonly Sample[],
  tokenizer: Tokenizer,
): void {
  const { vocab_size } = located.skeleton.shape;
  let largest = 0;
  for (const sample of samples.flatMap(sequencesOf))
    for (const id of sample.input_ids) largest = Math.max(largest, id);
  const cure = 'A reference model reads the same ids as the trained one: give one with its tokenizer.';
  if (largest >= vocab_size) {
    const fault = `the reference model ${located.name} has ${vocab_size} tokens, and the data hold token ${largest}`;
    throw new SwiftError('BAD_ARGUMENT', fault, { cure });
  }
  const ids = new Set(
    samples
      .slice(0, COMPARED)
      .flatMap(sequencesOf)
      .flatMap(({ input_ids }) => [...input_ids]),
  );
  const other = [...ids].find((id) => tokenizer.idToToken(id) !== located.tokenizer.idToToken(id));
  if (other === undefined) return;
  const [ours, theirs] = [tokenizer, located.tokenizer].map((one) => JSON.stringify(one.idToToken(other)));
  const fault = `token ${other} is ${ours}, and ${theirs} to the reference model ${located.name}`;
  throw new SwiftError('BAD_ARGUMENT', fault, { cure });
}

/** Samples whose tokens both tokenizers are asked of. */
const COMPARED = 100;

/**
 * Loads it; without another one, the trained model keeps what it is before training.
 * @returns where its weights are; absent where they are the adapter's base
 */
export async function loadReference(
  other: OtherModel | undefined,
  { loaded, tuning }: Pick<TunedModel, 'loaded' | 'tuning'>,
  services: Services,
): Promise<{ readonly model?: CausalLM; readonly path?: string }> {
  if (other) {
    const { model, path } = await loadModel(other.options, services, other.located);
    return { model, path };
  }
  const what = tuning.isFull
    ? 'the model as it is now, before training'
    : 'the base model without its adapter';
  services.log.info(`reference model: ${what}`);
  const read = await parametersWithoutAdapters(loaded.model);
  // What lies on disk cannot train, and is refused when training begins.
  keepBefore([...read].filter(({ trainable, places }) => trainable && !places));
  return { path: tuning.isFull ? loaded.path : undefined };
}
