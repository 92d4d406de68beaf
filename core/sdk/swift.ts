import { commandOptions } from '../config/command-line.js';
import { commandArguments } from '../config/commands.js';
import { argumentsOf, pluginClaims } from '../config/plugin-arguments.js';
import type { OptimizerFlags, TrainerFlags, TunerFlags } from '../config/plugin-flags.js';
import { pluginOptions } from '../config/plugin-options.js';
import { checkValue } from '../config/resolve.js';
import { trainingArguments } from '../config/training-arguments.js';
import type { Log } from '../contracts/log.js';
import type { RawRow } from '../contracts/row.js';
import { AutoPreprocessor, loadDataset, SeededRandom, SeenRows, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { loadModel, type LoadModelOptions } from '../model/load-model.js';
import type { PluginKind } from '../registry/kinds.js';
import { loadDatasets, onBadRow } from './datasets.js';
import { encodeRows } from './encode-rows.js';
import { requireModel, requireOptions, requireText } from './check-given.js';
import { inOptions, inOptionsNow, onlyOptions } from './options.js';
import type { TrainHooks, TrainResult } from './run-trainer.js';
import { createServices, type ServiceOptions, type Services } from './services.js';
import { picturesOf } from './pictures.js';
import { chosenTrainer } from './chosen-trainer.js';
import { checkLongSamples, checkTraining, resumeFolder, trainPrepared } from './train.js';
import { given, picked, type TrainArguments } from './train-arguments.js';
import { setAdapters } from './set-adapters.js';
import { addTuner, checkFree, loadAdapters, type TunableModel, type TunedModel } from './tunable-model.js';

/** What a program does not follow is silent, but no warning is lost. */
const WARNINGS: Log = { info: () => undefined, warn: (message) => process.emitWarning(message) };

/** Services with the defaults of the command line; say only what differs. */
export function services(options: Partial<ServiceOptions> = {}): Services {
  return inOptionsNow(() => checkedServices(options));
}

function checkedServices(options: Partial<ServiceOptions>): Services {
  requireOptions('services', options, '{ use_hf: false }');
  const own = servicesOf(options);
  const { catalog } = own.plugins;
  const id = options.backend ?? SERVICES.backend;
  const backend = catalog.has('backend', id) ? argumentsOf('backend', catalog.find('backend', id)) : {};
  onlyOptions('services', options, [...Object.keys(SERVICES), ...Object.keys(backend)]);
  for (const [name, argument] of Object.entries(backend)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const checked = value === undefined ? undefined : checkValue(argument, value, name);
    if (checked instanceof SwiftError) throw checked;
  }
  return own;
}

const SERVICES = { use_hf: true, backend: 'onnxruntime', plugins: [], log: WARNINGS } as const;

/** The services that a command's arguments ask for. */
export function servicesOf(args: Partial<ServiceOptions>): Services {
  const set = Object.entries(args).filter(([, value]) => value !== undefined);
  return createServices({ ...SERVICES, ...Object.fromEntries(set) });
}

/** A tuner's id and what it is told. */
export interface TunerConfig {
  readonly tuner: string;
  readonly options: TunerFlags;
}

/** Settings of a LoRA adapter, named as in PEFT. */
export interface LoraConfigOptions {
  readonly r?: number;
  readonly lora_alpha?: number;
  readonly lora_dropout?: number;
  /** Names; or one text, as in PEFT: `all-linear`, or a regular expression over the whole path. */
  readonly target_modules?: readonly string[] | string;
  readonly modules_to_save?: readonly string[];
  readonly use_rslora?: boolean;
  readonly use_dora?: boolean;
  readonly bias?: 'none' | 'all';
}

const LORA_OPTIONS = [
  ...(['r', 'lora_alpha', 'lora_dropout', 'target_modules', 'modules_to_save', 'use_rslora'] as const),
  'use_dora',
  'bias',
] satisfies (keyof LoraConfigOptions)[];

/** @throws SwiftError UNKNOWN_ARGUMENT for an option that it does not have */
export function LoraConfig(given: LoraConfigOptions = {}): TunerConfig {
  requireOptions('LoraConfig', given, '{ r: 8 }');
  onlyOptions('LoraConfig', given, LORA_OPTIONS);
  const { r, target_modules, bias, ...rest } = given;
  const named =
    typeof target_modules === 'string' && !['all-linear', 'ALL', 'DEFAULT'].includes(target_modules);
  return {
    tuner: 'lora',
    options: {
      ...rest,
      ...(r === undefined ? {} : { lora_rank: r }),
      ...(bias === undefined ? {} : { lora_bias_trainable: bias }),
      ...(named ? { target_regex: target_modules } : {}),
      ...(target_modules === undefined || named ? {} : { target_modules: [target_modules].flat() }),
    },
  };
}

/** Options of loading that are arguments too. */
const LOADING = [
  'model_revision',
  'template_type',
  'dtype',
  'quant_bits',
  'quant_method',
  'compute_precision',
] as const;

export const Model = {
  /** A registered id, a repository id, a folder or a .gguf file. The hub is that of the services. */
  fromPretrained(
    source: string,
    options: Omit<Partial<LoadModelOptions>, 'model_id_or_path' | 'model_type' | 'use_hf'> & {
      readonly services?: Services;
    } = {},
  ): Promise<TunableModel> {
    const { services: own = services(), ...load } = options;
    return inOptions(async () => {
      requireText('the source of Model.fromPretrained', source, 'qwen2-0.5b-instruct');
      const names = [...LOADING, ...flagsOf(own, ['quantizer', 'patcher'])];
      onlyOptions('Model.fromPretrained', load, [...names, 'scratch', 'leave_in_files']);
      const args = { ...picked({ ...load }, names), model_id_or_path: source };
      const values = commandOptions('sft', args, own);
      const asked = { ...load, ...given(values, own), compute_precision: values.compute_precision };
      return { loaded: await loadModel(asked, own), services: own, args };
    });
  },
};

export const Swift = {
  /**
   * Applies tuners to a loaded model, in place, and returns it: one, or several adapters by their names, which all take part
   * and train.
   */
  prepareModel(model: TunableModel, tuners: Readonly<Record<string, TunerConfig>>): Promise<TunedModel> {
    return inOptions(async () => {
      requireModel('Swift.prepareModel', model);
      requireOptions('Swift.prepareModel', tuners, '{ default: LoraConfig() }');
      const configs = Object.entries(tuners);
      if (configs.length === 0) {
        throw new SwiftError('BAD_ARGUMENT', 'prepareModel got no tuner', {
          cure: 'Give one or more, e.g. { default: LoraConfig() }.',
        });
      }
      for (const [name, config] of configs) await tune(model, name, config);
      return model as TunedModel;
    });
  },

  /** Puts a trained checkpoint's adapters on a loaded base model. @param adapter_name for a single one; its own when absent */
  fromPretrained(
    model: TunableModel,
    checkpoint: string,
    options: { readonly adapter_name?: string } = {},
  ): Promise<TunableModel> {
    return inOptions(async () => {
      requireModel('Swift.fromPretrained', model);
      requireText('the checkpoint of Swift.fromPretrained', checkpoint, 'output/…/checkpoint-100');
      onlyOptions('Swift.fromPretrained', options, ['adapter_name']);
      await loadAdapters(model, checkpoint, options.adapter_name);
      return model;
    });
  },

  /**
   * Says which adapters take part in answers and training, and how much each counts: names, or factors by name. Those that
   * do not are left out; with `offload` their values go to disk until they take part again.
   */
  setAdapters(
    model: TunableModel,
    adapters: readonly string[] | Readonly<Record<string, number>>,
    options: { readonly offload?: boolean } = {},
  ): Promise<void> {
    return inOptions(async () => {
      requireModel('Swift.setAdapters', model);
      onlyOptions('Swift.setAdapters', options, ['offload']);
      await setAdapters(model, adapters, options.offload === true);
    });
  },
};

async function tune(model: TunableModel, name: string, config: TunerConfig): Promise<void> {
  const { tuner, options } = (config as TunerConfig | null) ?? {};
  if (typeof tuner !== 'string') {
    throw new SwiftError('BAD_ARGUMENT', 'prepareModel got no tuner configuration', {
      cure: 'Give what LoraConfig() makes: { default: LoraConfig({ r: 8 }) }.',
    });
  }
  const { loaded, services: own } = model;
  const tuning = { sft_type: tuner, ...options };
  const args = commandOptions('sft', tuning, own);
  const { instance, meta } = await own.plugins.resolve('tuner', tuner);
  checkFree(model, name, instance.adapter !== undefined);
  const told = pluginOptions(meta, args, { lora_target_modules: loaded.loraTargets });
  // Adapters of one model begin differently.
  const at = model.tuning ? [model.tuning.names.length] : [];
  await instance.apply(loaded.model, told, SeededRandom.stream(args.seed, 'initialization', ...at), name);
  addTuner(model, name, instance);
  model.args = { ...model.args, ...tuning };
}

/** Rows of datasets by id, repository or file, as on the command line. */
export const MsDataset = {
  load(
    names: string | readonly string[],
    options: {
      readonly services?: Services;
      readonly model_name?: readonly string[];
      readonly model_author?: readonly string[];
    } = {},
  ): Promise<readonly LoadedDataset[]> {
    const { services: own = services(), ...rest } = options;
    return inOptions(async () => {
      for (const name of [names].flat())
        requireText('one of the names of MsDataset.load', name, 'rows.jsonl');
      const args = { ...rest, dataset: [names].flat(), dataset_test_ratio: 0 };
      return (await loadDatasets(commandOptions('sft', args, own), own)).train;
    });
  },
};

/** Arguments of `swift sft` that a trainer of a loaded, tuned model and loaded rows follows. */
export const TRAINER_ARGUMENTS = [
  ...(Object.keys(trainingArguments) as (keyof typeof trainingArguments)[]),
  ...(['seed', 'system', 'max_pixels', 'max_length', 'truncation_strategy', 'thinking', 'packing'] as const),
  ...(['check_dataset_strategy', 'dataset_num_proc', 'load_from_cache_file'] as const),
] as const;

/** Beside these, what the optimizer and the trainer take. */
export type TrainerArguments = Partial<Pick<TrainArguments, (typeof TRAINER_ARGUMENTS)[number]>> &
  OptimizerFlags &
  TrainerFlags;

export interface Seq2SeqTrainerOptions {
  readonly model: TunableModel;
  /** Arguments of `swift sft` that differ from their defaults; model, tuner and data are loaded already. */
  readonly args?: TrainerArguments;
  /** Loaded datasets, or plain rows of any accepted shape. */
  readonly train_dataset: readonly LoadedDataset[] | readonly RawRow[];
  /** Absent: nothing is evaluated; no rows are held out. */
  readonly eval_dataset?: readonly LoadedDataset[] | readonly RawRow[];
}

/** Supervised training of a prepared model, as Listing 1 of the SWIFT paper writes it. */
export class Seq2SeqTrainer {
  constructor(private readonly options: Seq2SeqTrainerOptions) {}

  /** Trains to the end; checkpoints and logs go below `output_dir`. @throws SwiftError */
  train(hooks: TrainHooks = {}): Promise<TrainResult> {
    return inOptions(async () => {
      requireOptions('Seq2SeqTrainer', this.options, '{ model, train_dataset }');
      requireModel('Seq2SeqTrainer', this.options.model);
      requireOptions('args', this.options.args ?? {}, '{ num_train_epochs: 2 }');
      return this.run(hooks);
    });
  }

  private async run(hooks: TrainHooks): Promise<TrainResult> {
    const { model, args: options = {}, train_dataset, eval_dataset = [] } = this.options;
    onlyOptions('Seq2SeqTrainer', this.options, ['model', 'args', 'train_dataset', 'eval_dataset']);
    onlyOptions('train', hooks, ['observers', 'onLog', 'onFolder', 'signal']);
    checkRows('train_dataset', train_dataset);
    checkRows('eval_dataset', eval_dataset);
    const { loaded, services: own } = model;
    const tuned = tunedModel(model);
    refuseOthers(options, own);
    const args = commandOptions('sft', { dataset_test_ratio: 0, ...model.args, ...options }, own);
    checkTraining(args, own);
    const resume = await resumeFolder('sft', args, own);
    if (resume !== undefined && tuned.tuning.isFull && loaded.source !== resume) {
      throw new SwiftError('BAD_ARGUMENT', `resume_from_checkpoint: the weights are in ${resume}`, {
        cure: `Load the model from there: Model.fromPretrained('${resume}').`,
      });
    }
    const trainer = await chosenTrainer('sft', args, own);
    const { template, tokenizer, source, name } = loaded;
    const pictures = picturesOf(loaded, args.max_pixels);
    const seen = pictures && new SeenRows(pictures);
    const context = { template, tokenizer, ...trainer, seen, services: own };
    const data = await encodeRows('training', await asDatasets(train_dataset, args), args, context);
    const held = await encodeRows('validation', await asDatasets(eval_dataset, args), args, context);
    const validation = held.samples;
    checkLongSamples([...data.samples, ...validation], loaded.model, own);
    const scratch = args.offload_activations ? await ScratchFile.open(args.output_dir) : undefined;
    try {
      const base = { source, name };
      return await trainPrepared(
        { command: 'sft', args, trainer, model: tuned, data, validation, scratch, resume, base },
        hooks,
      );
    } finally {
      await scratch?.close();
    }
  }
}

/** @throws SwiftError BAD_ARGUMENT for what is no list of rows or datasets */
function checkRows(option: string, rows: unknown): void {
  if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) return;
  throw new SwiftError('BAD_ARGUMENT', `${option} is no list of rows or loaded datasets`, {
    cure: `Load them first: await MsDataset.load('rows.jsonl'), or give a list of rows.`,
  });
}

function tunedModel(model: TunableModel): TunedModel {
  const { tuning } = model;
  if (tuning) return { ...model, tuning };
  throw new SwiftError('BAD_ARGUMENT', 'the model has no tuner', {
    cure: 'Call Swift.prepareModel(model, { name: LoraConfig() }) first.',
  });
}

/** @throws SwiftError BAD_ARGUMENT for options that come too late for a model that is loaded */
function refuseOthers(options: object, own: Services): void {
  const early = new Set([
    ...Object.keys(commandArguments.sft),
    ...flagsOf(own, ['tuner', 'quantizer', 'patcher', 'backend']),
  ]);
  const followed = new Set<string>([...TRAINER_ARGUMENTS, ...flagsOf(own, ['optimizer', 'trainer'])]);
  const late = Object.keys(options).filter((name) => early.has(name) && !followed.has(name));
  if ('offload_weights' in options) late.push('offload_weights');
  if (late.length === 0) return;
  throw new SwiftError('BAD_ARGUMENT', `a trainer does not take ${late.join(', ')}`, {
    cure: 'The model is loaded and tuned, the rows are read: say it to Model.fromPretrained, Swift.prepareModel or MsDataset.load; or give all arguments to train().',
  });
}

/** Every argument that plugins of some kinds declare. */
function flagsOf({ plugins }: Services, kinds: readonly PluginKind[]): readonly string[] {
  return pluginClaims(plugins.catalog, kinds).flatMap((claim) => Object.keys(claim.arguments));
}

/** Rows that are loaded already, or those that a program brings. */
async function asDatasets(
  rows: readonly LoadedDataset[] | readonly RawRow[],
  options: Pick<TrainArguments, 'check_dataset_strategy'>,
): Promise<readonly LoadedDataset[]> {
  if (rows.length === 0) return [];
  if ('report' in rows[0] && 'rows' in rows[0]) return rows as readonly LoadedDataset[];
  const source = { name: 'rows', paths: ['rows'], preprocessor: new AutoPreprocessor() };
  const random = SeededRandom.stream(0, 'rows');
  return [
    await loadDataset(source, {
      ...{ random, onBadRow: onBadRow(options) },
      async *readRows(file) {
        for (const [i, row] of (rows as readonly RawRow[]).entries())
          yield { row, origin: { file, line: i + 1 } };
      },
    }),
  ];
}
