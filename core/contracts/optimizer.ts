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

export interface OptimizerOptions {
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly adam_epsilon: number;
  readonly weight_decay: number;
}

export interface Optimizer {
  /** Arrays that it keeps per parameter, e.g. AdamW's two moments. */
  readonly slots: number;
  /** One update of every parameter. */
  step(parameters: readonly OptimizerParameter[], learningRate: number, options: OptimizerOptions): void;
  /** Everything needed to go on bit for bit, by name; a tensor `step` counts the updates. `load` takes it back. */
  state(): Map<string, Float32Array>;
  /**
   * @param sizes values of each parameter that trains
   * @throws SwiftError BAD_CHECKPOINT when the state lacks something for one of them, or holds what no number can be
   */
  load(state: ReadonlyMap<string, Float32Array>, sizes: ReadonlyMap<string, number>): void;
}

export interface OptimizerMeta {
  readonly id: string;
  readonly summary: string;
}
