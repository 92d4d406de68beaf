import type { Shape } from '../graph/index.js';
import type { ConfigReader } from '../nn/config.js';
import type { StoredWeight } from '../nn/parameter.js';
import type { PluginMeta } from './plugin-meta.js';

/** Element types in which a codec takes tensors, with what it gets. */
export interface TakenTypes {
  /** From F16, BF16 or F32, widened. */
  readonly float32: Float32Array;
  /** From I32 or U32. */
  readonly int32: Int32Array;
  /** From I8. */
  readonly int8: Int8Array;
  /** From any type: the bytes as they are stored. */
  readonly bytes: Uint8Array;
}

/** The tensors of a file that make up one parameter, by the words that `tensorsOf` gave them. */
export interface CodedTensors {
  has(word: string): boolean;
  /** The tensor's shape. @throws SwiftError MISSING_WEIGHT */
  shapeOf(word: string): Shape;
  /**
   * The tensor's elements, row-major.
   * @param shape what it must be; any when absent
   * @throws SwiftError MISSING_WEIGHT, SHAPE_MISMATCH, BAD_CHECKPOINT for another type
   */
  take<T extends keyof TakenTypes>(word: string, type: T, shape?: Shape): TakenTypes[T];
  /** For what the tensors say that cannot be; `fault` goes on from the parameter's name: "has …". */
  error(fault: string): Error;
}

/** Reads the quantized parameters of checkpoints of one config. */
export interface WeightCodec {
  /**
   * Full names of the tensors that make up parameter `name`, by words of one's own; none for a parameter that is never
   * quantized. Where the first one is in the file, the parameter is read by this codec; otherwise it is stored plain.
   */
  tensorsOf(name: string): Readonly<Record<string, string>>;
  /** @param shape of the parameter: [N, K], N the outputs and K the inputs of a linear layer */
  read(tensors: CodedTensors, shape: readonly [rows: number, columns: number]): StoredWeight;
}

/** Reads quantized checkpoints of one method. */
export interface Codec {
  /**
   * @param config a checkpoint's `quantization_config`
   * @throws ConfigError for a field and value that it does not read
   */
  open(config: ConfigReader): WeightCodec;
}

export interface CodecMeta extends PluginMeta {
  /** Values of `quant_method` in a checkpoint's `quantization_config` that it reads. */
  readonly quant_methods: readonly string[];
  /** A `quantization_config` that it reads: what its contract is tried with. */
  readonly example: Readonly<Record<string, unknown>>;
  /** A file that older checkpoints keep what is `quantization_config` now in. */
  readonly config_file?: string;
}
