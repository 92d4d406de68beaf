/** What a GGUF file says about its model: metadata under the architecture's own prefix, and which tensors it has. */
import { SwiftError } from '../../errors.js';
import { badFile } from '../files.js';
import type { GgufFile } from './file.js';

/** The architecture's keys are named without its prefix: `block_count`, not `llama.block_count`. */
export interface GgufFacts {
  readonly path: string;
  /** `general.architecture`. */
  readonly name: string;
  /** @throws SwiftError BAD_FILE when there is none and no `fallback` */
  number(key: string, fallback?: number): number;
  optional(key: string): number | undefined;
  /** A number for each layer; a single one stands for all. */
  perLayer(key: string): readonly number[];
  flag(key: string, fallback?: boolean): boolean;
  text(key: string): string | undefined;
  /** The value of a key outside the architecture's own, such as `tokenizer.ggml.pre`. */
  general(key: string): unknown;
  has(tensor: string): boolean;
  /** Outermost dimension first. @throws SwiftError BAD_FILE */
  shape(tensor: string): readonly number[];
  /** Layers of the model itself, without those that predict tokens further ahead. */
  readonly layers: number;
  /** The small tensors that hold divisors of rotary frequencies, which Hugging Face keeps in the config. */
  readonly divisors: Readonly<Record<string, Float32Array>>;
  /** Keys of the architecture that nothing asked for. */
  unread(): string[];
}

/** Tensors that are part of the config on Hugging Face's side. */
export const DIVISORS: readonly string[] = [
  'rope_freqs.weight',
  'rope_factors_long.weight',
  'rope_factors_short.weight',
];

/** Keys that need no reader: the tensors' shapes say the same, and a wrong one shows in them. */
const SIZES: readonly string[] = [
  'vocab_size',
  'tensor_data_layout',
  'context_length',
  'feed_forward_length',
  'expert_feed_forward_length',
  'expert_shared_feed_forward_length',
  'expert_shared_count',
  'leading_dense_block_count',
  'attention.head_count',
  'attention.value_length_mla',
];

export async function ggufFacts(file: GgufFile, name: string): Promise<GgufFacts> {
  const { path, metadata } = file;
  const read = new Set<string>();
  const at = (key: string): unknown => {
    read.add(`${name}.${key}`);
    return metadata[`${name}.${key}`];
  };
  const optional = (key: string): number | undefined => {
    const value = at(key);
    // Some writers give every layer's number where all layers have the same.
    const single = Array.isArray(value) && value.every((item) => item === value[0]) ? value[0] : value;
    if (Array.isArray(single)) throw badFile(path, `gives '${name}.${key}' by layer, which is not read`);
    return typeof single === 'number' ? decimal(single) : undefined;
  };
  const number = (key: string, fallback?: number): number => {
    const value = optional(key) ?? fallback;
    if (value !== undefined) return value;
    throw badFile(path, `has no number '${name}.${key}' in its metadata`, [
      'Convert the model again with a current llama.cpp.',
    ]);
  };
  const divisors: Record<string, Float32Array> = {};
  for (const tensor of DIVISORS) if (file.has(tensor)) divisors[tensor] = await file.readFloat32(tensor);
  const layers = number('block_count') - number('nextn_predict_layers', 0);
  return {
    path,
    name,
    layers,
    divisors,
    optional,
    number,
    perLayer(key) {
      const value = at(key);
      return Array.isArray(value) ? (value as number[]) : Array<number>(layers).fill(number(key));
    },
    flag(key, fallback = false) {
      const value = at(key);
      return typeof value === 'boolean' ? value : fallback;
    },
    text(key) {
      const value = at(key);
      return typeof value === 'string' ? value : undefined;
    },
    general: (key) => metadata[key],
    has: (tensor) => file.has(tensor),
    shape(tensor) {
      if (file.has(tensor)) return file.info(tensor).shape;
      throw badFile(path, `has no tensor '${tensor}'`);
    },
    unread: () =>
      Object.keys(metadata).filter(
        (key) => key.startsWith(`${name}.`) && !read.has(key) && !SIZES.includes(key.slice(name.length + 1)),
      ),
  };
}

/** What the file asks for and this project does not do. */
export function notRead(facts: Pick<GgufFacts, 'path'>, what: string): SwiftError {
  return new SwiftError('UNSUPPORTED_MODEL', `${facts.path} ${what}.`, {
    cure: "Use the model's safetensors instead.",
  });
}

/** The shortest decimal a float32 stands for: 1e-5 rather than 0.000009999999747378752. */
function decimal(value: number): number {
  if (Number.isInteger(value)) return value;
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}
