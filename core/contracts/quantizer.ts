import type { Shape } from '../graph/index.js';
import type { StoredWeight } from '../nn/parameter.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';

/** What every quantizer is told beside the values of the arguments that its decorator declares. */
export type QuantizeOptions<Options = PluginOptions> = Options & {
  /** One of the method's `bits`. */
  readonly bits: number;
  /** Size of the largest int8 code. */
  readonly largest_code: number;
};

/** Holds a linear layer's weight in fewer bits. The formats are the graph core's. */
export interface Quantizer<Options = PluginOptions> {
  /** Whether rows of this weight divide into whole groups; a weight that does not fit stays as it is. */
  fits(shape: Shape, options: QuantizeOptions<Options>): boolean;
  /** Why weights that do not fit stay, for the log. */
  whyUnfit?(options: QuantizeOptions<Options>): string;
  /** @param values row-major [N, K], finite; their memory is used again afterwards */
  quantize(values: Float32Array, shape: Shape, options: QuantizeOptions<Options>): StoredWeight;
  /** Holds an embedding or head [V, D], of the same kind of values. Absent: they stay as `--dtype` says. */
  quantizeTable?(values: Float32Array, shape: Shape): StoredWeight;
}

export interface QuantizerMeta extends PluginMeta {
  /** Bits per weight it offers. */
  readonly bits: readonly number[];
}
