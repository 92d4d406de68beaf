import { soundArgumentsOf } from '../config/plugin-arguments.js';
import type { Tuner } from '../contracts/tuner.js';
import { SwiftError } from '../errors.js';
import { loadModel, type LoadedModel, type LoadModelOptions } from '../model/load-model.js';
import { checkCheckpointFolder, holdsAdapter, readAdapter, readArgs } from '../train/checkpoint.js';
import type { Services } from './services.js';

/** A loaded model, the services it was loaded with, and how it is tuned. */
export interface TunableModel {
  readonly loaded: LoadedModel;
  readonly services: Services;
  /** Absent until a tuner is applied or an adapter is loaded. */
  tuner?: Tuner;
  /** What it was loaded and tuned with, as arguments of `swift sft` that differ from their defaults. */
  args?: Readonly<Record<string, unknown>>;
}

/** A model that is ready to train. */
export interface TunedModel extends TunableModel {
  readonly tuner: Tuner;
}

/** @throws SwiftError BAD_ARGUMENT for a model that has a tuner already */
export function checkUntuned({ tuner }: TunableModel): void {
  if (!tuner) return;
  throw new SwiftError('BAD_ARGUMENT', 'the model is tuned already: it takes one tuner or adapter', {
    cure: 'Load the base model anew, or merge the adapter first.',
  });
}

/** The adapter of a checkpoint folder, put onto a base model by the tuner its `peft_type` names. */
export async function loadAdapter(model: TunableModel, folder: string): Promise<void> {
  checkUntuned(model);
  const files = await readAdapter(folder);
  const { plugins } = model.services;
  const wanted = String(files.config.peft_type);
  const entry = plugins.catalog.list('tuner').find(({ peft_type }) => peft_type === wanted);
  if (!entry) {
    const known = plugins.catalog.list('tuner').flatMap(({ peft_type }) => peft_type ?? []);
    throw new SwiftError('BAD_CHECKPOINT', `${folder}: no tuner reads adapters of type '${wanted}'`, {
      cure: `Types that are read: ${known.join(', ')}.`,
    });
  }
  const { instance } = await plugins.resolve('tuner', entry.id);
  instance.load!(model.loaded.model, files);
  model.tuner = instance;
  const saved = readArgs(folder) ?? {};
  const tuning = Object.keys(soundArgumentsOf('tuner', entry)).flatMap((name) =>
    name in saved && saved[name] !== null ? [[name, saved[name]] as const] : [],
  );
  model.args = { ...model.args, ...Object.fromEntries(tuning), sft_type: entry.id };
}

export interface OpenOptions extends LoadModelOptions {
  /** A checkpoint of a run: its adapter on its base model, or a full model. */
  readonly ckpt_dir?: string;
  /** Take model, template and system from the checkpoint's args.json where not given. */
  readonly load_args_from_ckpt_dir: boolean;
}

/** A model as `infer` and `export` want it: a base model, a base model with its adapter, or a full checkpoint. */
export async function openModel(
  options: OpenOptions,
  services: Services,
): Promise<TunableModel & { system?: string; max_pixels?: number }> {
  const { ckpt_dir } = options;
  if (ckpt_dir === undefined) return { loaded: await loadModel(options, services), services };
  await checkCheckpointFolder(ckpt_dir, '--ckpt_dir');
  const saved = options.load_args_from_ckpt_dir ? (readArgs(ckpt_dir) ?? {}) : {};
  const text = (name: string): string | undefined => textOf(saved, name, ckpt_dir);
  const sight = typeof saved.max_pixels === 'number' ? { max_pixels: saved.max_pixels } : {};
  const { load_args_from_ckpt_dir: _load, ckpt_dir: _ckpt, ...given } = options;
  // How weights are held is said by whoever loads them, as for any other model.
  const merged = {
    ...given,
    model_type: options.model_type ?? text('model_type'),
    model_id_or_path: options.model_id_or_path ?? text('model_id_or_path'),
    model_revision: options.model_revision ?? text('model_revision'),
    template_type: options.template_type ?? text('template_type'),
  };
  if (!holdsAdapter(ckpt_dir)) {
    const loaded = await loadModel({ ...merged, model_id_or_path: ckpt_dir }, services);
    return { loaded, services, system: text('system'), ...sight };
  }
  const model: TunableModel = {
    loaded: await loadModel(withBase(merged, await readAdapter(ckpt_dir)), services),
    services,
  };
  await loadAdapter(model, ckpt_dir);
  return { ...model, system: text('system'), ...sight };
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
function withBase(
  options: LoadModelOptions,
  { config }: { config: Readonly<Record<string, unknown>> },
): LoadModelOptions {
  if (options.model_type !== undefined || options.model_id_or_path !== undefined) return options;
  const base = config.base_model_name_or_path;
  return { ...options, model_id_or_path: typeof base === 'string' ? base : undefined };
}
