import type { Log } from '../contracts/log.js';
import type { RawRow } from '../contracts/row.js';
import type { TunerOptions } from '../contracts/tuner.js';
import { commandArguments } from '../config/commands.js';
import { resolveArguments, type GivenValue } from '../config/resolve.js';
import type { CommandValues } from '../config/command-line.js';
import {
  AutoPreprocessor,
  DataReport,
  encodeDataset,
  SeededRandom,
  type LoadedDataset,
} from '../data/index.js';
import { SwiftError } from '../errors.js';
import { loadModel, type LoadModelOptions } from '../model/load-model.js';
import { loadDatasets } from './datasets.js';
import { makeRunFolder } from './run-folder.js';
import { runTrainer, type TrainHooks, type TrainResult } from './run-trainer.js';
import { createServices, type ServiceOptions, type Services } from './services.js';
import { trainOptions, type TrainArguments } from './train.js';
import { loadAdapter, type TunableModel } from './tunable-model.js';

const SILENT: Log = { info: () => undefined, warn: () => undefined };

/** Services with the defaults of the command line; say only what differs. */
export function services(options: Partial<ServiceOptions> = {}): Services {
  return createServices({ use_hf: true, backend: 'onnxruntime', plugins: [], log: SILENT, ...options });
}

/** A tuner's id and what it is told. */
export interface TunerConfig {
  readonly tuner: string;
  readonly options: Partial<TunerOptions>;
}

/** Settings of a LoRA adapter, named as in PEFT. */
export interface LoraConfigOptions {
  readonly r?: number;
  readonly lora_alpha?: number;
  readonly lora_dropout?: number;
  readonly target_modules?: readonly string[] | string;
  readonly modules_to_save?: readonly string[];
  readonly use_rslora?: boolean;
  readonly bias?: 'none' | 'all';
}

export function LoraConfig({ r, target_modules, bias, ...rest }: LoraConfigOptions = {}): TunerConfig {
  const named = typeof target_modules === 'string' && target_modules !== 'all-linear';
  return {
    tuner: 'lora',
    options: {
      ...rest,
      ...(r === undefined ? {} : { lora_rank: r }),
      ...(bias === undefined ? {} : { lora_bias: bias }),
      ...(named ? { target_regex: target_modules } : {}),
      ...(target_modules === undefined || named ? {} : { target_modules: [target_modules].flat() }),
    },
  };
}

export const Model = {
  /** A registered id, a repository id, a folder or a .gguf file. */
  async fromPretrained(
    source: string,
    options: Omit<Partial<LoadModelOptions>, 'model_id_or_path'> & { readonly services?: Services } = {},
  ): Promise<TunableModel> {
    const { services: own = services(), ...load } = options;
    const isId = own.plugins.catalog.has('model', source);
    const which = isId ? { model_type: source } : { model_id_or_path: source };
    return { loaded: await loadModel({ use_hf: own.useHf, ...load, ...which }, own), services: own };
  },
};

export const Swift = {
  /** Applies tuners to a loaded model, in place, and returns it. One tuner at a time so far. */
  async prepareModel(
    model: TunableModel,
    tuners: Readonly<Record<string, TunerConfig>>,
  ): Promise<TunableModel> {
    const configs = Object.values(tuners);
    if (configs.length !== 1) {
      throw new SwiftError('BAD_ARGUMENT', `prepareModel got ${configs.length} tuners, expected one`, {
        cure: 'Give one, e.g. { default: LoraConfig() }.',
      });
    }
    const [{ tuner, options }] = configs;
    const { instance } = await model.services.plugins.resolve('tuner', tuner);
    const defaults = defaultsOf('sft');
    const settings = {
      ...defaults,
      lora_bias: defaults.lora_bias_trainable,
      target_regex: undefined,
      target_modules: model.loaded.loraTargets,
      ...options,
    };
    instance.apply(model.loaded.model, settings, SeededRandom.seeded(defaults.seed, 2));
    model.tuner = instance;
    return model;
  },

  /** Puts a trained checkpoint's adapter on a loaded base model. */
  async fromPretrained(model: TunableModel, checkpoint: string): Promise<TunableModel> {
    await loadAdapter(model, checkpoint);
    return model;
  },
};

/** Rows of datasets by id, repository or file, as on the command line. */
export const MsDataset = {
  async load(
    names: string | readonly string[],
    options: {
      readonly services?: Services;
      readonly model_name?: readonly string[];
      readonly model_author?: readonly string[];
    } = {},
  ): Promise<readonly LoadedDataset[]> {
    const { services: own = services(), ...rest } = options;
    const values = { ...defaultsOf('sft'), ...rest, dataset: [names].flat(), dataset_test_ratio: 0 };
    return (await loadDatasets(values, own)).train;
  },
};

export interface Seq2SeqTrainerOptions {
  readonly model: TunableModel;
  /** Arguments of `swift sft` that differ from their defaults. */
  readonly args?: Partial<TrainArguments>;
  /** Loaded datasets, or plain rows of any accepted shape. */
  readonly train_dataset: readonly LoadedDataset[] | readonly RawRow[];
  readonly eval_dataset?: readonly LoadedDataset[] | readonly RawRow[];
}

/** Supervised training of a prepared model, as Listing 1 of the SWIFT paper writes it. */
export class Seq2SeqTrainer {
  constructor(private readonly options: Seq2SeqTrainerOptions) {}

  /** Trains to the end; checkpoints and logs go below `output_dir`. */
  async train(hooks: TrainHooks = {}): Promise<TrainResult> {
    const { model, train_dataset, eval_dataset = [] } = this.options;
    const { loaded, services: own } = model;
    const args: TrainArguments = { ...defaultsOf('sft'), ...this.options.args };
    const { instance: trainer } = await own.plugins.resolve('trainer', 'sft');
    const { instance: optimizer } = await own.plugins.resolve('optimizer', args.optim);
    const encode = (rows: readonly LoadedDataset[] | readonly RawRow[]) =>
      rows.length === 0
        ? []
        : encodeDataset(asDatasets(rows), loaded.template, loaded.tokenizer, {
            max_length: args.max_length,
            truncation_strategy: args.truncation_strategy,
            thinking: args.thinking === 'AUTO' ? undefined : args.thinking,
            supervise: trainer.supervise,
          }).samples;
    const isFull = model.tuner?.adapter === undefined;
    const { output_dir } = args;
    return runTrainer(
      {
        model,
        trainer,
        optimizer,
        options: trainOptions('sft', args, isFull),
        train_dataset: encode(train_dataset),
        eval_dataset: encode(eval_dataset),
        packing: args.packing ? args.max_length : undefined,
        folder: () => (args.add_output_dir_suffix ? makeRunFolder(output_dir, loaded.modelType) : output_dir),
        args: { ...args, command: 'sft', template_type: loaded.templateId, model_id_or_path: loaded.source },
        tensorBoard: args.report_to.includes('tensorboard'),
      },
      hooks,
    );
  }
}

function asDatasets(rows: readonly LoadedDataset[] | readonly RawRow[]): readonly LoadedDataset[] {
  if (rows.length > 0 && 'report' in rows[0] && 'rows' in rows[0]) return rows as readonly LoadedDataset[];
  return [fromRows(rows as readonly RawRow[])];
}

function fromRows(rows: readonly RawRow[]): LoadedDataset {
  const preprocessor = new AutoPreprocessor();
  const report = new DataReport('rows');
  const loaded = rows.flatMap((raw, i) => {
    report.read++;
    const row = preprocessor.toRow(raw, { unused: report.countUnused });
    if (row === undefined) report.drop('without an answer');
    return row === undefined ? [] : [{ row, origin: { file: 'rows', line: i + 1 } }];
  });
  return { name: 'rows', rows: loaded, report };
}

function defaultsOf<C extends 'sft' | 'infer'>(command: C): CommandValues<C> {
  const nothing = new Map<string, GivenValue>();
  return resolveArguments(command, commandArguments[command], nothing) as unknown as CommandValues<C>;
}
