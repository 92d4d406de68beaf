import { existsSync, statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAMAGED, holdsAdapter, writeAdapters } from '../adapter/adapter-files.js';
import type { Tuning } from '../adapter/tuning.js';
import type { ModelConfig } from '../contracts/model-loader.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { removeFolderAtomic, writeFolderAtomic } from '../io/atomic-write.js';
import { readJson, readJsonObject } from '../io/json-file.js';
import { requireFinite } from '../io/non-finite.js';
import { openSafetensors } from '../io/safetensors/index.js';
import { writeSafetensors } from '../io/safetensors/write.js';
import { imageSettingsIn, writeCarriedFiles } from '../model/carried-files.js';
import { writeModelFolder, type ModelOrigin } from '../model/write-model.js';
import { sameShape } from '../graph/index.js';
import type { CausalLM, Parameter } from '../nn/index.js';
import { saveTokenizer } from '../tokenizer/index.js';
import { writeFingerprints, type RunInputs } from './fingerprints.js';
import type { TrainerState } from './state.js';
import { stateFields, stateOf } from './state-file.js';

const FILES = {
  optimizer: 'optimizer.safetensors',
  masters: 'master_weights.safetensors',
  state: 'trainer_state.json',
  args: 'args.json',
} as const;

const DIVERGED =
  'No checkpoint is written. Lower --learning_rate or raise --warmup_ratio, and go on from the checkpoint before.';

export interface CheckpointContents {
  readonly model: CausalLM;
  readonly tuning: Tuning;
  readonly tokenizer: Tokenizer;
  readonly config: ModelConfig;
  readonly origin: ModelOrigin;
  /** What the base model is called in adapter_config.json. */
  readonly baseModel: string;
  /** The run's arguments, resolved. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Absent: only the model or adapter is written. */
  readonly training?: {
    readonly optimizer: Optimizer;
    readonly state: TrainerState;
    readonly inputs: RunInputs;
  };
}

/** Writes `checkpoint-N`, whole or not at all: an adapter in PEFT's files, or a full model in Hugging Face's. */
export async function writeCheckpointFolder(path: string, contents: CheckpointContents): Promise<void> {
  const { model, tuning, tokenizer, config, origin, args, training } = contents;
  // A checkpoint is what a run goes on from when its numbers have left the finite.
  for (const [name, { tuned, trainable, data }] of model.parameters())
    if ((tuned || trainable) && data) requireFinite(data, `'${name}', which would be saved`, DIVERGED);
  await writeFolderAtomic(path, async (folder) => {
    const adapters = tuning.files(model, contents.baseModel);
    if (adapters) {
      await writeAdapters(folder, adapters);
      await saveTokenizer(tokenizer, folder);
      await writeCarriedFiles(folder, imageSettingsIn(origin.files));
    } else {
      await writeModelFolder(folder, { model, config, tokenizer, origin });
    }
    await writeJson(join(folder, FILES.args), args);
    if (!training) return;
    if (!adapters) await writeMasters(folder, model, origin);
    await writeJson(join(folder, FILES.state), stateFields(training.state, path, args));
    const tensors = [...training.optimizer.state()].map(([name, data]) => ({
      name,
      dtype: 'F32' as const,
      shape: [data.length],
      data,
    }));
    for (const { name, data } of tensors) requireFinite(data, `the optimizer's '${name}'`, DIVERGED);
    await writeSafetensors(join(folder, FILES.optimizer), tensors);
    await writeFingerprints(folder, training.inputs);
  });
}

/**
 * Trained weights in float32, where the model's own file has fewer bits: a run that goes on from it computes what it would
 * have computed.
 */
async function writeMasters(folder: string, model: CausalLM, { dtypes }: ModelOrigin): Promise<void> {
  const tensors = mastersOf(model, dtypes).map(([name, { shape, data }]) => ({
    name,
    dtype: 'F32' as const,
    shape,
    data: data!,
  }));
  if (tensors.length > 0) await writeSafetensors(join(folder, FILES.masters), tensors);
}

function mastersOf(model: CausalLM, dtypes: ModelOrigin['dtypes']): [string, Parameter][] {
  return [...model.parameters()].filter(
    ([name, { trainable, tuned }]) =>
      (trainable || tuned) && ['F16', 'BF16'].includes(dtypes.get(name) ?? 'F32'),
  );
}

/** Puts a full checkpoint's trained weights back in float32. @throws SwiftError BAD_CHECKPOINT, MISSING_WEIGHT */
export async function restoreMasters(
  folder: string,
  { model, origin }: { readonly model: CausalLM; readonly origin: ModelOrigin },
): Promise<void> {
  const wanted = mastersOf(model, origin.dtypes);
  if (wanted.length === 0) return;
  const path = join(folder, FILES.masters);
  if (!existsSync(path)) {
    throw new SwiftError('BAD_CHECKPOINT', `${folder} has no ${FILES.masters}`, {
      cure: 'Its weights in 16 bits are not those the run would go on with. Start anew from them with --resume_only_model true.',
    });
  }
  const file = await openSafetensors(path);
  try {
    for (const [name, parameter] of wanted) {
      const { shape } = file.info(name);
      if (!sameShape(shape, parameter.shape)) {
        throw new SwiftError('SHAPE_MISMATCH', `${path}: '${name}' is [${shape}], not [${parameter.shape}]`);
      }
      const data = await file.readFloat32(name);
      requireFinite(data, `${path}: '${name}'`, DAMAGED);
      parameter.data = data;
    }
  } finally {
    await file.close();
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The arguments a checkpoint was trained with; undefined for a folder that this project did not write. */
export function readArgs(folder: string): Record<string, unknown> | undefined {
  const path = join(folder, FILES.args);
  return existsSync(path) ? readJsonObject(path) : undefined;
}

/** @throws SwiftError BAD_CHECKPOINT when a checkpoint was saved without what a run goes on from */
export function checkResumable(folder: string): void {
  for (const name of [FILES.state, FILES.optimizer]) {
    if (existsSync(join(folder, name))) continue;
    throw new SwiftError('BAD_CHECKPOINT', `${folder} has no ${name}`, {
      cure: 'Resume from a checkpoint that was saved without --save_only_model true.',
    });
  }
}

/** Optimizer and trainer state of a checkpoint. @throws SwiftError BAD_CHECKPOINT when it was saved without */
export async function readTrainingState(
  folder: string,
): Promise<{ state: TrainerState; optimizer: Map<string, Float32Array> }> {
  checkResumable(folder);
  const file = await openSafetensors(join(folder, FILES.optimizer));
  try {
    const optimizer = new Map<string, Float32Array>();
    for (const name of file.names()) {
      const data = await file.readFloat32(name);
      requireFinite(data, `${folder}: the optimizer's '${name}'`, DAMAGED);
      optimizer.set(name, data);
    }
    const path = join(folder, FILES.state);
    return { state: stateOf(readJson(path), path), optimizer };
  } finally {
    await file.close();
  }
}

/**
 * A folder that should be a checkpoint is there, and is not the run folder around it.
 *
 * @param flag that named it
 * @throws SwiftError FILE_NOT_FOUND, BAD_CHECKPOINT naming the checkpoints below it
 */
export async function checkCheckpointFolder(folder: string, flag: string): Promise<void> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new SwiftError('FILE_NOT_FOUND', `${flag}: there is no folder '${folder}'`, {
      cure: 'Give a checkpoint folder, e.g. output/…/checkpoint-100.',
    });
  }
  if (holdsAdapter(folder) || existsSync(join(folder, 'config.json'))) return;
  const steps = await checkpointSteps(folder);
  throw new SwiftError('BAD_CHECKPOINT', `${flag}: '${folder}' is no checkpoint`, {
    cure:
      steps.length > 0
        ? `It is the folder of a run. Its checkpoints: ${steps.map((step) => join(folder, `checkpoint-${step}`)).join(', ')}.`
        : 'A checkpoint holds adapter_config.json, or config.json with weights.',
  });
}

/** Removes the oldest checkpoints of a run beyond `limit`; the best one is kept. Returns what was removed. */
export async function pruneCheckpoints(
  runFolder: string,
  limit: number,
  bestStep?: number,
): Promise<number[]> {
  const saved = await checkpointSteps(runFolder);
  const steps = saved.filter((step) => step !== bestStep);
  const room = Math.max(1, steps.length === saved.length ? limit : limit - 1);
  const removed = steps.slice(0, Math.max(0, steps.length - room));
  for (const step of removed) await removeFolderAtomic(join(runFolder, `checkpoint-${step}`));
  return removed;
}

/** The newest checkpoint of a run folder that holds all a run needs to go on; a folder named so is whole. */
export async function newestResumable(runFolder: string): Promise<string | undefined> {
  const folders = (await checkpointSteps(runFolder)).map((step) => join(runFolder, `checkpoint-${step}`));
  return folders.findLast((folder) =>
    [FILES.args, FILES.state, FILES.optimizer].every((name) => existsSync(join(folder, name))),
  );
}

/** Steps of the checkpoints in a run folder, ascending. */
export async function checkpointSteps(runFolder: string): Promise<number[]> {
  const names = existsSync(runFolder) ? await readdir(runFolder) : [];
  return names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
