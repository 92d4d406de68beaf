/** A training run that is decided and not begun: plain JSON, the same whichever door asks for it. */
import type { TrainCommand } from '../config/commands.js';
import type { TrainerState } from '../train/state.js';
import type { TrainOptions } from '../train/options.js';
import type { LossScaling } from './loss-scale.js';
import type { PluginOptions } from './plugin-meta.js';

/** A plugin that was chosen, and the values of its arguments. */
export interface JobPlugin {
  readonly id: string;
  readonly options: PluginOptions;
}

/** A dataset: where its rows are, and which of them are drawn. */
export interface JobDataset {
  /** As it was named. */
  readonly name: string;
  /** On this machine, from the root; none for rows that a program brings. */
  readonly files: readonly string[];
  /** How large these are together. */
  readonly bytes: number;
  /** Rows that are drawn, by which stream of random numbers; absent where all are taken. */
  readonly drawn?: { readonly rows: number; readonly seed: number; readonly stream: number };
}

export interface JobModel {
  /** What one would load again: a repository id or a path. */
  readonly source: string;
  /** Its folder or file on this machine. */
  readonly path: string;
  readonly revision?: string;
  /** The registered id, or the family of a model known only by its path. */
  readonly type: string;
  /** Id of the chat template, or `chat_template` for the checkpoint's own. */
  readonly template: string;
  /** Id of the format in which it says tools; absent where it has none. */
  readonly agent?: string;
  /** Reads its weights, where they are quantized. */
  readonly codec?: string;
  /** How its weights are held. */
  readonly dtype: string;
  /** To how many bits they are quantized here, and how; absent where they are left as they are. */
  readonly quantized?: JobPlugin & { readonly bits: number };
  /** What changes it between its files and its use. */
  readonly patchers: readonly JobPlugin[];
}

export interface JobAdapter extends JobPlugin {
  /** `default` for a single one. */
  readonly name: string;
  /** The folder of an adapter that was trained before; absent for one that begins here. */
  readonly from?: string;
}

export interface JobReward extends JobPlugin {
  readonly weight: number;
}

export interface JobObjective extends JobPlugin {
  /** Which tokens of a row it looks at. */
  readonly supervise: 'assistant' | 'all' | 'none';
  /** What answers are worth; absent for objectives that ask for none. */
  readonly rewards?: readonly JobReward[];
  /** Address of the server that writes these answers; absent where the run does. */
  readonly rollout_url?: string;
  /** Whose predictions it learns; absent for objectives without. */
  readonly teacher?: Pick<JobModel, 'source' | 'path'>;
  /** Address of one that is not loaded. */
  readonly teacher_server?: string;
  /**
   * What it is held against: `before` is the model itself as it was before training. Absent for objectives without.
   */
  readonly reference?: {
    readonly model: 'before' | Pick<JobModel, 'source' | 'path'>;
    /** Asked of all samples before training. */
    readonly precompute: boolean;
  };
}

export interface JobData {
  readonly train: readonly JobDataset[];
  readonly validation: readonly JobDataset[];
  /** Share of the training rows that is held out; 0 where there are rows for validation. */
  readonly test_ratio: number;
  /** Of the split, and of the order of the samples. */
  readonly seed: { readonly split: number; readonly order: number };
  /** Rows of a window, and rows at the head that are held out; absent for data in memory. */
  readonly streaming?: { readonly window: number; readonly held: number };
  readonly max_length: number;
  readonly truncation_strategy: 'delete' | 'left' | 'right';
  /** What a row of the wrong shape does. */
  readonly bad_rows: 'error' | 'drop';
  /** Of conversations that bring none; absent for the template's. */
  readonly system?: string;
  readonly thinking?: 'keep' | 'strip' | 'add-empty';
  /** Which answers are learned, and how much their tokens weigh; absent where all of them weigh 1. */
  readonly loss_scale?: LossScaling;
  /** Larger images are shrunk to so many. */
  readonly max_pixels?: number;
  /** Tokens of a row that several samples share; absent where each has its own. */
  readonly packing?: number;
  /** What self-cognition data teaches. */
  readonly identity?: { readonly name: readonly string[]; readonly author: readonly string[] };
}

export interface JobOutputs {
  /** Where runs go, from the root. */
  readonly folder: string;
  /** Each run gets a folder of its own below, by this name; absent where `folder` is the run's. */
  readonly name?: string;
  readonly tensorboard: boolean;
}

/** A checkpoint that the run goes on from. */
export interface JobResume {
  readonly checkpoint: string;
  /** Its weights only, from step 0. */
  readonly only_model: boolean;
  /** Though data, model or arguments differ from what they were. */
  readonly ignore_mismatch: boolean;
}

export interface Job {
  /** Version of this form; another one is refused. */
  readonly schema: 1;
  readonly command: TrainCommand;
  /** What carries it out. */
  readonly engine: JobPlugin;
  /** What computes, where the engine is this runtime. */
  readonly backend: JobPlugin;
  readonly model: JobModel;
  /** Several adapters, or one tuner. */
  readonly adapters: readonly JobAdapter[];
  readonly objective: JobObjective;
  readonly data: JobData;
  readonly optimizer: JobPlugin;
  readonly schedule: Omit<TrainOptions, 'optimizer_options'>;
  /** Frozen weights of the blocks lie on disk. */
  readonly offload_weights: boolean;
  readonly outputs: JobOutputs;
  readonly resume?: JobResume;
  /** Every argument of the command, as in args.json: what the rest follows from. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a job leaves behind. */
export interface TrainResult {
  readonly folder: string;
  readonly last_model_checkpoint?: string;
  readonly best_model_checkpoint?: string;
  readonly best_metric?: number;
  /** What it measures. */
  readonly metric_for_best_model: string;
  readonly state: TrainerState;
}
