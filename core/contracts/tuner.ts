import type { CausalLM } from '../nn/causal-lm.js';
import type { ModelConfig } from './model-loader.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';
import type { Random } from './random.js';

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

/** Where a run stands before a step. */
export interface TunerStep {
  /** Optimizer steps done. */
  readonly step: number;
  /** Random numbers of the run, a stream of its own for every number. */
  random(stream: number): Random;
}

/**
 * A tuning method: which parameters train, and which modules it adds. `Options` are the values of the arguments that its
 * decorator declares: `ValuesOf<typeof loraArguments>`.
 */
export interface Tuner<Options = PluginOptions> {
  /** Refuses options that do not fit the model, whose weights are not loaded yet. @throws SwiftError BAD_ARGUMENT */
  check?(model: CausalLM, options: Options): void;
  /**
   * Changes the model in place and marks what trains. New parameters are filled from `random`. May wait for what it reads.
   * @param name of the adapter, for methods that keep several on one model: `default` when it is the only one
   */
  apply(model: CausalLM, options: Options, random: Random, name?: string): void | Promise<void>;
  /**
   * Before each step: may change which of the parameters that `apply` marked are trainable in it. Follows from `at` alone,
   * since a run that is gone on from asks for its last step again.
   */
  beforeStep?(model: CausalLM, at: TunerStep): void;
  /**
   * Fields of config.json by which a model is built with what `apply` has added to the tree. A tuner that has any stands alone.
   * @param config of the model before
   */
  fields?(config: ModelConfig): Readonly<Record<string, unknown>>;
  /** The adapter's files. Absent when the method changes the model's own weights (full tuning). */
  adapter?(model: CausalLM, baseModel: string, name?: string): AdapterFiles;
  /** Recreates the adapter on a freshly loaded model. @throws SwiftError BAD_CHECKPOINT, SHAPE_MISMATCH */
  load?(model: CausalLM, files: AdapterFiles, name?: string): void | Promise<void>;
  /** Fills an adapter that `apply` has added from its files. @throws SwiftError BAD_CHECKPOINT, SHAPE_MISMATCH */
  restore?(model: CausalLM, files: AdapterFiles, name?: string): void;
  /** Folds the adapter, as much as it counts, into the base weights and takes the added modules away. */
  merge?(model: CausalLM, name?: string): void;
}

export interface TunerMeta extends PluginMeta {
  /** PEFT's `peft_type` for files this tuner reads, e.g. `LORA`. */
  readonly peft_type?: string;
}
