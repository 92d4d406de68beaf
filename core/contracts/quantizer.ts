import type { Shape } from '../graph/index.js';
import type { StoredWeight } from '../nn/parameter.js';

export interface QuantizeOptions {
  /** One of the method's `bits`. */
  readonly bits: number;
  /** Columns that share a scale, where the format has groups. */
  readonly group_size: number;
  /** Size of the largest int8 code. */
  readonly largest_code: number;
}

/** Holds a linear layer's weight in fewer bits. The formats are the graph core's. */
export interface Quantizer {
  /** Whether rows of this weight divide into whole groups; a weight that does not fit stays as it is. */
  fits(shape: Shape, options: QuantizeOptions): boolean;
  /** @param values row-major [N, K], finite; their memory is used again afterwards */
  quantize(values: Float32Array, shape: Shape, options: QuantizeOptions): StoredWeight;
  /** Holds an embedding or head [V, D], of the same kind of values. Absent: they stay as `--dtype` says. */
  quantizeTable?(values: Float32Array, shape: Shape): StoredWeight;
}

export interface QuantizerMeta {
  readonly id: string;
  readonly summary: string;
  /** Bits per weight it offers. */
  readonly bits: readonly number[];
}
