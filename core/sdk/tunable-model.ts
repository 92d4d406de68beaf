import { resolve } from 'node:path';
import {
  adapterFolders,
  headsOfAdapters,
  holdsAdapter,
  readAdapter,
  readAdapterConfig,
} from '../adapter/adapter-files.js';
import type { OffloadedAdapters } from '../adapter/offloaded-adapters.js';
import { Tuning } from '../adapter/tuning.js';
import type { Arguments } from '../config/argument.js';
import type { PatcherFlags } from '../config/plugin-flags.js';
import { soundArgumentsOf } from '../config/plugin-arguments.js';
import type { JobAdapter } from '../contracts/job.js';
import type { Tuner } from '../contracts/tuner.js';
import { VERDICT } from '../data/relevance-question.js';
import { SwiftError } from '../errors.js';
import { loadModel, type LoadedModel, type LoadModelOptions } from '../model/load-model.js';
import { PROBLEM_TYPES, usualProblem, type ProblemType, type TaskHeads } from '../model/task-heads.js';
import { checkCheckpointFolder, readArgs } from '../train/checkpoint.js';
import type { Services } from './services.js';

/** A loaded model, the services it was loaded with, and how it is tuned. */
export interface TunableModel {
  readonly loaded: LoadedModel;
  readonly services: Services;
  /** Absent until a tuner is applied or an adapter is loaded. */
  tuning?: Tuning;
  /** The same, as a job says it. */
  tuners?: readonly JobAdapter[];
  /** What it was loaded and tuned with, as arguments of `swift sft` that differ from their defaults. */
  args?: Readonly<Record<string, unknown>>;
  /** Where adapters lie that take no part, when they were offloaded. */
  offloaded?: OffloadedAdapters;
}

/** A model that is ready to train. */
export interface TunedModel extends TunableModel {
  readonly tuning: Tuning;
}

/** Names of adapters: words that could be folders, and no part of a layer. */
const NAME = /^(?!lora_|base_layer$|checkpoint-)[A-Za-z_][\w-]*$/;

/**
 * A model takes a tuner under a name that is free.
 * @throws SwiftError BAD_ARGUMENT
 */
export function checkFree({ tuning }: TunableModel, name: string, { adapter, fields }: Tuner): void {
  if (!NAME.test(name)) {
    throw new SwiftError('BAD_ARGUMENT', `'${name}' is no name for an adapter`, {
      cure: "Take letters, digits, '_' and '-', a letter first; not lora_… or checkpoint-….",
    });
  }
  if (!tuning) return;
  if (fields || tuning.addsBlocks) {
    throw new SwiftError('BAD_ARGUMENT', 'blocks are added to a model as it was made, and stand alone', {
      cure: 'Load the base model anew, or export it merged first.',
    });
  }
  if (tuning.isFull || !adapter) {
    throw new SwiftError('BAD_ARGUMENT', 'the model is tuned already: full tuning stands alone', {
      cure: 'Load the base model anew, or merge the adapter first.',
    });
  }
  if (tuning.names.includes(name)) {
    throw new SwiftError('BAD_ARGUMENT', `the model has an adapter '${name}' already`, {
      cure: 'Give the other one another name, load the base model anew, or merge the adapter first.',
    });
  }
}

/** Adds a tuner under its name. */
export function addTuner(model: TunableModel, name: string, tuner: Tuner): void {
  model.tuning = model.tuning?.with(name, tuner) ?? Tuning.of(tuner, name);
}

/**
 * The adapters of a checkpoint folder, put onto a base model by the tuners that their `peft_type` names.
 * @param as name for the adapter, where the folder holds one
 */
export async function loadAdapters(model: TunableModel, folder: string, as?: string): Promise<void> {
  const folders = [...adapterFolders(folder)];
  if (as !== undefined && folders.length > 1) {
    throw new SwiftError('BAD_ARGUMENT', `${folder} holds ${folders.length} adapters, which have names`, {
      cure: `Leave adapter_name out: ${folders.map(([name]) => name).join(', ')}.`,
    });
  }
  if (folders.length === 0) await readAdapter(folder); // says what is missing
  const { plugins } = model.services;
  const saved = readArgs(folder) ?? {};
  for (const [found, at] of folders) {
    const name = as ?? found;
    const files = await readAdapter(at);
    const wanted = String(files.config.peft_type);
    const entry = plugins.catalog.list('tuner').find(({ peft_type }) => peft_type === wanted);
    if (!entry) {
      const known = plugins.catalog.list('tuner').flatMap(({ peft_type }) => peft_type ?? []);
      throw new SwiftError('BAD_CHECKPOINT', `${at}: no tuner reads adapters of type '${wanted}'`, {
        cure: `Types that are read: ${known.join(', ')}.`,
      });
    }
    const { instance } = await plugins.resolve('tuner', entry.id);
    checkFree(model, name, instance);
    await instance.load!(model.loaded.model, files, name);
    addTuner(model, name, instance);
    const from = { id: entry.id, options: {}, from: resolve(at) };
    model.tuners = [...(model.tuners ?? []), { name, ...from }];
    const tuning = Object.keys(soundArgumentsOf('tuner', entry)).flatMap((argument) =>
      argument in saved && saved[argument] !== null ? [[argument, saved[argument]] as const] : [],
    );
    model.args = { ...model.args, ...Object.fromEntries(tuning), sft_type: entry.id };
  }
}

export interface OpenOptions extends LoadModelOptions {
  /** A checkpoint of a run: its adapter on its base model, or a full model. */
  readonly ckpt_dir?: string;
  /** Take model, template and system from the checkpoint's args.json where not given. */
  readonly load_args_from_ckpt_dir: boolean;
  /** What the model is asked; what the checkpoint's run trained it for when absent. */
  readonly task_type?: string;
  /** Of a `generative_reranker`; those of the checkpoint's run when absent. */
  readonly verdict_tokens?: readonly string[];
}

/** A model with what its checkpoint says of its use. */
export interface OpenedModel extends TunableModel {
  readonly system?: string;
  readonly max_pixels?: number;
  readonly task_type?: string;
}

/** A model as `infer` and `export` want it: a base model, a base model with its adapter, or a full checkpoint. */
export async function openModel(options: OpenOptions, services: Services): Promise<OpenedModel> {
  const { ckpt_dir } = options;
  if (ckpt_dir === undefined) {
    const heads = verdictOf(options, {}, '');
    return {
      loaded: await loadModel({ ...options, heads }, services),
      services,
      task_type: options.task_type,
    };
  }
  await checkCheckpointFolder(ckpt_dir, '--ckpt_dir');
  const saved = options.load_args_from_ckpt_dir ? (readArgs(ckpt_dir) ?? {}) : {};
  const text = (name: string): string | undefined => textOf(saved, name, ckpt_dir);
  const task_type = options.task_type ?? text('task_type');
  const used = {
    ...(typeof saved.max_pixels === 'number' && { max_pixels: saved.max_pixels }),
    ...(task_type !== undefined && { task_type }),
  };
  const { load_args_from_ckpt_dir: _load, ckpt_dir: _ckpt, ...given } = options;
  // How weights are held is said by whoever loads them, as for any other model.
  const merged = {
    ...given,
    model_type: options.model_type ?? text('model_type'),
    model_id_or_path: options.model_id_or_path ?? text('model_id_or_path'),
    model_revision: options.model_revision ?? text('model_revision'),
    template_type: options.template_type ?? text('template_type'),
    agent_template: options.agent_template ?? text('agent_template'),
    ...patchesOf(saved, given, services),
  };
  const verdict = verdictOf({ ...options, task_type }, saved, ckpt_dir);
  if (!holdsAdapter(ckpt_dir)) {
    const loaded = await loadModel({ ...merged, model_id_or_path: ckpt_dir, heads: verdict }, services);
    return { loaded, services, system: text('system'), ...used };
  }
  const brought = await headsOfAdapters(ckpt_dir);
  const heads = { ...brought, ...verdict, problem_type: problemOf(saved, brought.score) };
  const loaded = await loadModel({ ...withBase(merged, ckpt_dir), heads }, services);
  const model: TunableModel = { loaded, services };
  await loadAdapters(model, ckpt_dir);
  return { ...model, system: text('system'), ...used };
}

/** What the run told patchers, where it is not said anew. */
function patchesOf(
  saved: Readonly<Record<string, unknown>>,
  given: object,
  { plugins }: Services,
): PatcherFlags {
  const said = given as Readonly<Record<string, unknown>>;
  const declared = Object.assign(
    {},
    ...plugins.catalog.list('patcher').map((entry) => soundArgumentsOf('patcher', entry)),
  ) as Arguments;
  return Object.fromEntries(
    Object.entries(declared).map(([name, argument]) => {
      const isDefault =
        said[name] === undefined || JSON.stringify(said[name]) === JSON.stringify(argument.default);
      return [name, isDefault ? (saved[name] ?? argument.default) : said[name]];
    }),
  );
}

/** The tokens that a generative reranker answers with. @throws SwiftError BAD_FILE for what a checkpoint says of them */
function verdictOf(
  { task_type, verdict_tokens }: Pick<OpenOptions, 'task_type' | 'verdict_tokens'>,
  { verdict_tokens: saved = VERDICT }: Readonly<Record<string, unknown>>,
  folder: string,
): Pick<TaskHeads, 'verdict'> {
  if (task_type !== 'generative_reranker') return {};
  if (verdict_tokens !== undefined) return { verdict: verdict_tokens };
  const isTexts = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (isTexts(saved)) return { verdict: saved };
  throw new SwiftError(
    'BAD_FILE',
    `${folder}: args.json: verdict_tokens is ${JSON.stringify(saved)}, expected two texts`,
    { cure: 'Mend the file, or give --verdict_tokens.' },
  );
}

/** What the scores of a checkpoint's adapter are, where its run said it or derived it. */
function problemOf(saved: Readonly<Record<string, unknown>>, labels?: number): ProblemType | undefined {
  const said = PROBLEM_TYPES.find((one) => one === saved.problem_type);
  return said ?? (labels !== undefined && saved.task_type === 'seq_cls' ? usualProblem(labels) : undefined);
}

/** @throws SwiftError BAD_FILE for an argument that is no text */
function textOf(saved: Readonly<Record<string, unknown>>, name: string, folder: string): string | undefined {
  const value = saved[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new SwiftError(
    'BAD_FILE',
    `${folder}: args.json: ${name} is ${JSON.stringify(value)}, expected a text`,
    {
      cure: 'Mend the file, or leave it alone with --load_args_from_ckpt_dir false.',
    },
  );
}

/** An adapter made elsewhere names its base model in adapter_config.json. */
function withBase(options: LoadModelOptions, folder: string): LoadModelOptions {
  if (options.model_type !== undefined || options.model_id_or_path !== undefined) return options;
  const [at] = adapterFolders(folder).values();
  const base = readAdapterConfig(at).base_model_name_or_path;
  return { ...options, model_id_or_path: typeof base === 'string' ? base : undefined };
}
