import type { PluginMeta, PluginOptions } from './plugin-meta.js';

/** A trained parameter as the optimizer sees it. `data` is updated in place. */
export interface OptimizerParameter {
  readonly name: string;
  readonly data: Float32Array;
  readonly grad: Float32Array;
  /** What the optimizer keeps for each value, `Optimizer.slots` arrays of the length of `data`; zeros at first. */
  readonly slots: readonly Float32Array[];
  /** False for biases and norm weights, as Hugging Face's Trainer groups them. */
  readonly decay: boolean;
}

/** `Options` are the values of the arguments that its decorator declares. */
export interface Optimizer<Options = PluginOptions> {
  /** Arrays that it keeps per parameter, e.g. AdamW's two moments. */
  readonly slots: number;
  /** One update of every parameter. */
  step(parameters: readonly OptimizerParameter[], learningRate: number, options: Options): void;
  /** Everything needed to go on bit for bit, by name; a tensor `step` counts the updates. `load` takes it back. */
  state(): Map<string, Float32Array>;
  /**
   * @param sizes values of each parameter that trains
   * @throws SwiftError BAD_CHECKPOINT when the state lacks something for one of them, or holds what no number can be
   */
  load(state: ReadonlyMap<string, Float32Array>, sizes: ReadonlyMap<string, number>): void;
}

export type OptimizerMeta = PluginMeta;
