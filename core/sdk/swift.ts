/** The SDK's names of the SWIFT paper: models, adapters, datasets. */
import { commandOptions } from '../config/command-line.js';
import type { TunerFlags } from '../config/plugin-flags.js';
import { pluginOptions } from '../config/plugin-options.js';
import { SeededRandom, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { checkRebuilt } from '../adapter/check-rebuilt.js';
import { loadModel, type LoadModelOptions } from '../model/load-model.js';
import { loadDatasets } from './datasets.js';
import { services } from './default-services.js';
import { requireModel, requireOptions, requireText } from './check-given.js';
import { inOptions, onlyOptions } from './options.js';
import { type Services } from './services.js';
import { flagsOf, loadingOptions, picked } from './train-arguments.js';
import { setAdapters } from './set-adapters.js';
import { addTuner, checkFree, loadAdapters, type TunableModel, type TunedModel } from './tunable-model.js';

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
  'agent_template',
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
      const asked = { ...load, ...loadingOptions(values, own), compute_precision: values.compute_precision };
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
  checkFree(model, name, instance);
  const told = pluginOptions(meta, args, { lora_target_modules: loaded.loraTargets });
  // Adapters of one model begin differently.
  const at = model.tuning ? [model.tuning.names.length] : [];
  await instance.apply(loaded.model, told, SeededRandom.stream(args.seed, 'initialization', ...at), name);
  addTuner(model, name, instance);
  checkRebuilt(loaded, model.tuning!);
  model.tuners = [...(model.tuners ?? []), { name, id: meta.id, options: told }];
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
