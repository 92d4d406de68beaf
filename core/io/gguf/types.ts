/** GGML tensor types as GGUF numbers them. https://github.com/ggml-org/ggml/blob/master/include/ggml.h, `enum ggml_type` */
import type { FileDtype } from '../dtypes.js';
import { BLOCK_DECODERS } from './blocks.js';
import type { BlockFormat } from './superblocks.js';

/** A type stored value by value. */
interface PlainType {
  readonly name: string;
  readonly plain: FileDtype;
}

/** A type stored in blocks of quantized values. */
interface BlockType {
  readonly name: string;
  readonly format: BlockFormat;
}

/** A type that is known by name only. */
interface ForeignType {
  readonly name: string;
}

export type GgufType = PlainType | BlockType | ForeignType;

const PLAIN: Readonly<Record<number, PlainType>> = {
  0: { name: 'F32', plain: 'F32' },
  1: { name: 'F16', plain: 'F16' },
  24: { name: 'I8', plain: 'I8' },
  25: { name: 'I16', plain: 'I16' },
  26: { name: 'I32', plain: 'I32' },
  27: { name: 'I64', plain: 'I64' },
  28: { name: 'F64', plain: 'F64' },
  30: { name: 'BF16', plain: 'BF16' },
};

const QUANTIZED: Readonly<Record<number, string>> = {
  2: 'Q4_0',
  3: 'Q4_1',
  6: 'Q5_0',
  7: 'Q5_1',
  8: 'Q8_0',
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  12: 'Q4_K',
  13: 'Q5_K',
  14: 'Q6_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

/** The type behind a number; an unknown number gets a name that says so. */
export function ggufType(id: number): GgufType {
  if (Object.hasOwn(PLAIN, id)) return PLAIN[id];
  const name = QUANTIZED[id] ?? `type ${id}`;
  return Object.hasOwn(BLOCK_DECODERS, name) ? { name, format: BLOCK_DECODERS[name] } : { name };
}

/** Names of the types whose values can be read. */
export const READABLE_GGUF_TYPES: readonly string[] = [
  ...Object.values(PLAIN).map(({ name }) => name),
  ...Object.keys(BLOCK_DECODERS),
];
