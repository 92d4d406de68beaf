import type { CausalLM } from '../nn/causal-lm.js';
import type { Random } from './random.js';

/** What `lora` and its kin are told; names as PEFT has them where it has them. */
export interface TunerOptions {
  readonly lora_rank: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  readonly use_rslora: boolean;
  /** Module name suffixes, `all-linear`, or empty when `target_regex` decides. */
  readonly target_modules: readonly string[];
  readonly target_regex?: string;
  readonly modules_to_save: readonly string[];
  readonly lora_bias: 'none' | 'all';
  readonly init_lora_weights: 'true' | 'gaussian';
  readonly freeze_parameters: readonly string[];
  readonly freeze_parameters_ratio: number;
  readonly additional_trainable_parameters: readonly string[];
}

/** One tensor of an adapter file. */
export interface AdapterTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An adapter as PEFT stores it: `adapter_config.json` and the tensors of `adapter_model.safetensors`. */
export interface AdapterFiles {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: readonly AdapterTensor[];
}

/** A tuning method: which parameters train, and which modules it adds. */
export interface Tuner {
  /** Refuses options that do not fit the model, whose weights are not loaded yet. @throws SwiftError BAD_ARGUMENT */
  check?(model: CausalLM, options: TunerOptions): void;
  /** Changes the model in place and marks what trains. New parameters are filled from `random`. */
  apply(model: CausalLM, options: TunerOptions, random: Random): void;
  /** The adapter's files. Absent when the method changes the model's own weights (full tuning). */
  adapter?(model: CausalLM, baseModel: string): AdapterFiles;
  /** Recreates the adapter on a freshly loaded model. @throws SwiftError BAD_CHECKPOINT, SHAPE_MISMATCH */
  load?(model: CausalLM, files: AdapterFiles): void;
  /** Fills an adapter that `apply` has added from its files. @throws SwiftError BAD_CHECKPOINT, SHAPE_MISMATCH */
  restore?(model: CausalLM, files: AdapterFiles): void;
  /** Folds the adapter into the base weights and takes the added modules away. */
  merge?(model: CausalLM): void;
}

export interface TunerMeta {
  readonly id: string;
  readonly summary: string;
  /** PEFT's `peft_type` for files this tuner reads, e.g. `LORA`. */
  readonly peft_type?: string;
}
