/** Models beside the one that trains: whom it is compared with, and who teaches it. */
import type { Sample } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { sequencesOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { ServedTeacher } from '../infer/served-teacher.js';
import { loadModel, type LoadModelOptions } from '../model/load-model.js';
import { locateModel, type LocatedModel } from '../model/locate-model.js';
import type { CausalLM } from '../nn/index.js';
import { parametersWithoutAdapters } from '../runtime/base-parameters.js';
import { keepBefore } from '../train/reference.js';
import type { Optimized } from '../train/optimized.js';
import { locateServed } from './served-model.js';
import type { TunedModel } from './tunable-model.js';
import type { Services } from './services.js';
import type { TrainArguments } from '../config/command-line.js';
import { loadingOptions } from './train-arguments.js';

/** Another model, found but not loaded. */
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
  const given = await locateOther(args, 'ref', services);
  if (given || !resumesFull) return given;
  const options = loadingOptions(args, services);
  return { options, located: await locateModel(options, services) };
}

/** Finds the teacher; undefined for one behind an address. @throws SwiftError BAD_ARGUMENT where none is named, or two */
export async function locateTeacher(
  args: TrainArguments,
  services: Services,
): Promise<OtherModel | undefined> {
  const found = await locateOther(args, 'teacher', services);
  if (args.teacher_model_server == null) {
    if (found) return found;
    throw new SwiftError('BAD_ARGUMENT', `--rlhf_type ${args.rlhf_type}: no teacher is named`, {
      cure: 'Name it: --teacher_model_type, --teacher_model_id_or_path or --teacher_model_server.',
    });
  }
  if (!found) return undefined;
  throw new SwiftError('BAD_ARGUMENT', '--teacher_model_server: another teacher is named, too', {
    cure: 'Leave one out: it is loaded here, or asked there.',
  });
}

/** The teacher behind an address; undefined where it is loaded here. @throws SwiftError */
export async function openServedTeacher(
  { teacher_model_server: address }: TrainArguments,
  { objective }: Pick<Optimized, 'objective'>,
  { shape }: Pick<CausalLM, 'shape'>,
): Promise<ServedTeacher | undefined> {
  const wanted = objective?.teacher;
  if (address == null || !wanted) return undefined;
  const bad = (fault: string, cure: string): SwiftError =>
    new SwiftError('BAD_ARGUMENT', `--teacher_model_server: ${fault}`, { cure });
  if (objective.rollouts?.given?.by === 'teacher')
    throw bad(
      'a teacher there writes no answers',
      'Leave --seq_kd out; swift sample --sampler_url writes some.',
    );
  if (wanted.most === undefined)
    throw bad(
      'a server tells of the likeliest tokens alone',
      'Say of how many: --gkd_logits_topk 20, the most that vLLM tells unless it is started otherwise.',
    );
  const { place, model } = await locateServed(address, '--teacher_model_server');
  const { vocab_size } = shape;
  return new ServedTeacher(place, { model, most: wanted.most, temperature: wanted.temperature, vocab_size });
}

const CALLED = { ref: 'reference model', teacher: 'teacher' } as const;

/** Undefined where its arguments name none. */
async function locateOther(
  args: TrainArguments,
  which: keyof typeof CALLED,
  services: Services,
): Promise<OtherModel | undefined> {
  const [type, place, revision] = [
    args[`${which}_model_type`],
    args[`${which}_model_id_or_path`],
    args[`${which}_model_revision`],
  ];
  if ((type ?? place) == null) {
    if (revision == null) return undefined;
    throw new SwiftError('BAD_ARGUMENT', `--${which}_model_revision is given without a ${CALLED[which]}`, {
      cure: `Name it: --${which}_model_type or --${which}_model_id_or_path.`,
    });
  }
  const options = {
    ...loadingOptions(args, services),
    model_type: type ?? undefined,
    model_id_or_path: place ?? undefined,
    model_revision: revision ?? undefined,
    template_type: undefined,
    agent_template: undefined,
  };
  return { options, located: await locateModel(options, services) };
}

/** @throws SwiftError BAD_ARGUMENT where samples have tokens that are none, or others, to the other model */
export function checkTokens(
  which: keyof typeof CALLED,
  { located }: OtherModel,
  samples: readonly Sample[],
  tokenizer: Tokenizer,
): void {
  const what = CALLED[which];
  const { vocab_size } = located.skeleton.shape;
  let largest = 0;
  for (const sample of samples.flatMap(sequencesOf))
    for (const id of sample.input_ids) largest = Math.max(largest, id);
  const cure = `A ${what} reads the same ids as the trained model: give one with its tokenizer.`;
  if (largest >= vocab_size) {
    const fault = `the ${what} ${located.name} has ${vocab_size} tokens, and the data hold token ${largest}`;
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
  const fault = `token ${other} is ${ours}, and ${theirs} to the ${what} ${located.name}`;
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
