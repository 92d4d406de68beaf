import { bool, choice, int, optionalString, type Arguments } from './argument.js';
import { dataArguments } from './data-arguments.js';
import { evalArguments } from './eval-arguments.js';
import { generationArguments, inferArguments } from './generation-arguments.js';
import { modelArguments } from './model-arguments.js';
import type { PluginKind } from '../registry/kinds.js';
import { rlhfArguments } from './rlhf-arguments.js';
import { rolloutArguments } from './rollout-arguments.js';
import { sampleArguments } from './sample-arguments.js';
import { taskArguments } from './task-arguments.js';
import { trainingArguments, tuningArguments } from './training-arguments.js';

const pt = { ...modelArguments, ...dataArguments, ...tuningArguments, ...trainingArguments } as const;

const sft = { ...pt, ...taskArguments } as const;

/** Samples lie side by side without it, since those of a row belong together. */
const { packing: _rows, ...unpacked } = pt;

const rlhf = { ...unpacked, ...rlhfArguments } as const;

const infer = { ...modelArguments, ...inferArguments, ...generationArguments } as const;

const { max_pixels: _images, ...ofText } = modelArguments;

const evaluation = { ...ofText, ...evalArguments } as const;

const { system: _system, seed: _seed, max_pixels: _pixels, ...loading } = modelArguments;

const exportArguments = {
  ...loading,
  ckpt_dir: inferArguments.ckpt_dir,
  load_args_from_ckpt_dir: inferArguments.load_args_from_ckpt_dir,
  merge_lora: bool({ default: false, help: 'write the model with its adapter folded in' }),
  output_dir: optionalString({ help: 'folder to write', derived: '<ckpt_dir>-merged' }),
} as const;

const {
  val_dataset: _val,
  dataset_test_ratio: _ratio,
  packing: _packing,
  streaming: _streaming,
  streaming_buffer_size: _buffer,
  streaming_val_size: _held,
  dataset_num_proc: _threads,
  load_from_cache_file: _kept,
  ...rows
} = dataArguments;

const sample = { ...ofText, ...sampleArguments } as const;

const rollout = {
  ...loading,
  compute_precision: trainingArguments.compute_precision,
  ...rolloutArguments,
} as const;

const inspect = {
  ...modelArguments,
  ...rows,
  row: int({ default: 0, min: 0, help: 'which encoded sample to show, counted from 0' }),
  supervise: choice(['assistant', 'all'], {
    default: 'assistant',
    help: 'assistant: its turns are the labels; all: every token is',
  }),
} as const;

/** The arguments of every command that takes any; those of the plugins it uses come to them. */
export const commandArguments = {
  sft,
  pt,
  rlhf,
  infer,
  eval: evaluation,
  export: exportArguments,
  inspect,
  sample,
  rollout,
} as const satisfies Record<string, Arguments>;

export type CommandName = keyof typeof commandArguments;

/** Commands that train. */
export const TRAIN_COMMANDS = ['sft', 'pt', 'rlhf'] as const;
export type TrainCommand = (typeof TRAIN_COMMANDS)[number];

/** Plugins that a command itself chooses. */
export const commandPlugins: Readonly<
  Partial<Record<CommandName, Readonly<Partial<Record<PluginKind, string>>>>>
> = { pt: { trainer: 'pt' } };
