import { bool, choice, float, int, optionalBool, optionalInt, optionalString, strings } from './argument.js';

/** Which rows, and how they become samples. */
export const dataArguments = {
  dataset: strings({
    default: [],
    help: 'training data: registered ids, repository ids or files, each with #rows if wanted',
  }),
  val_dataset: strings({ default: [], help: 'evaluation data, as dataset' }),
  dataset_seed: optionalInt({
    help: 'seed of sampling and splitting',
    derived: 'seed',
    aliases: ['data_seed'],
    min: 0,
  }),
  dataset_test_ratio: float({
    default: 0.01,
    min: 0,
    max: 0.99,
    help: 'share of the training rows held out for evaluation when no val_dataset is given',
    aliases: ['split_dataset_ratio'],
  }),
  max_length: int({ default: 2048, min: 1, help: 'longest sample in tokens' }),
  truncation_strategy: choice(['delete', 'left', 'right'], {
    default: 'delete',
    help: 'longer samples are dropped (and counted), or cut on that side',
    choiceAliases: { truncation_left: 'left', truncation_right: 'right' },
  }),
  thinking: choice(['AUTO', 'keep', 'strip', 'add-empty'], {
    default: 'AUTO',
    help: 'thoughts in answers: keep them, strip those of earlier turns, add empty ones where a last answer has none; AUTO does as the template',
  }),
  loss_scale: optionalString({
    help: 'which tokens are learned, and how much they weigh: default (answers), last_round or all, and ids of loss scales or a .json file of rules, joined by +',
    derived: 'default; of pt, all',
    aliases: ['loss_scale_config_path'],
  }),
  use_loss_scale: optionalBool({
    help: 'as SWIFT 2.4 says it: true is --loss_scale react where that says nothing',
  }),
  check_dataset_strategy: choice(['none', 'error', 'discard', 'warning'], {
    default: 'none',
    help: 'a row of the wrong shape stops the run (none, error) or is dropped and counted (discard, warning)',
  }),
  streaming: bool({
    default: false,
    help: 'read and encode rows as training goes, in windows: for data that memory does not hold; needs max_steps',
  }),
  streaming_buffer_size: int({
    default: 16384,
    min: 1,
    help: 'rows of a window of a stream: they are shuffled among themselves',
    aliases: ['shuffle_buffer_size'],
  }),
  streaming_val_size: int({
    default: 0,
    min: 0,
    help: 'rows at the head of a stream that are held out for evaluation',
  }),
  dataset_num_proc: optionalInt({
    min: 0,
    help: 'threads that encode rows; 0 or 1: the one that trains. Samples are the same',
    derived:
      'as many as there are cores, up to 8, of a stream 2; 1 for little text, and of a stream on few cores',
    aliases: ['preprocess_num_proc'],
  }),
  load_from_cache_file: bool({
    default: true,
    help: 'keep encoded rows of large sets of text on disk, and read those of earlier runs; a stream keeps none',
  }),
  packing: bool({
    default: false,
    help: 'fill rows of max_length with several samples; each sees only itself',
  }),
  model_name: strings({ default: [], help: 'the name self-cognition data teaches: Chinese, then English' }),
  model_author: strings({
    default: [],
    help: 'the author self-cognition data teaches: Chinese, then English',
  }),
} as const;
