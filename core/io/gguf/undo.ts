/** What llama.cpp's conversion does to tensors, taken back. */
import type { GgufFacts } from './facts.js';

type Shape = readonly number[];

/** From the tensors of the file, one or several, to Hugging Face's. */
export interface Undo {
  /** As the first tensor's when absent. */
  readonly shape?: (shapes: readonly Shape[], facts: GgufFacts) => Shape;
  /** As the first tensor's when absent. */
  readonly values?: (
    data: readonly Float32Array[],
    shapes: readonly Shape[],
    facts: GgufFacts,
  ) => Float32Array;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

/** Each value on its own, in place. */
export function each(change: (value: number) => number): Undo {
  return {
    values: ([data]) => {
      for (let i = 0; i < data.length; i++) data[i] = change(data[i]);
      return data;
    },
  };
}

/** Another shape of the same values. */
export function reshaped(shape: (own: Shape) => Shape): Undo {
  return { shape: ([own]) => shape(own) };
}

/** Norms of Gemma are stored with the 1 that they add. */
export const MINUS_ONE = each((value) => value - 1);

/** State-space decay: the file has what Hugging Face makes of `A_log`. */
export const LOG_NEGATIVE = each((value) => Math.log(-value));

export const FLAT = reshaped((shape) => [product(shape)]);

/** `[channels, kernel]` -> `[channels, 1, kernel]`. */
export const CONVOLUTION = reshaped(([channels, kernel]) => [channels, 1, kernel]);

/** The last two dimensions change places. */
export const TRANSPOSED: Undo = {
  shape: ([own]) => [...own.slice(0, -2), own.at(-1)!, own.at(-2)!],
  values: ([data], [own]) => transposed(data, own),
};

function transposed(data: Float32Array, shape: Shape): Float32Array {
  const [rows, columns] = shape.slice(-2);
  const result = new Float32Array(data.length);
  for (let base = 0; base < data.length; base += rows * columns)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) result[base + j * rows + i] = data[base + i * columns + j];
  return result;
}

/**
 * The rows of q and k: within each head llama.cpp stores the two halves of the rotary pairs interleaved
 * (0, d/2, 1, d/2 + 1, ...), Hugging Face one after the other.
 */
export const UNPERMUTED_Q: Undo = {
  values: ([data], [[rows]], facts) => unpermuteRows(data, rows, facts.number('attention.head_count')),
};

export const UNPERMUTED_K: Undo = {
  values: ([data], [[rows]], facts) => unpermuteRows(data, rows, keyHeads(facts)),
};

function keyHeads(facts: GgufFacts): number {
  return facts.optional('attention.head_count_kv') ?? facts.number('attention.head_count');
}

/** @param data `[heads * headDim, columns]` row-major; a bias has one column */
export function unpermuteRows(data: Float32Array, rows: number, heads: number): Float32Array {
  const headDim = rows / heads;
  const half = headDim / 2;
  return rowsFrom(data, rows, (row) => {
    const inHead = row % headDim;
    return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
  });
}

/** The rows of a matrix in another order. @param source which row comes to a place */
function rowsFrom(data: Float32Array, rows: number, source: (row: number) => number): Float32Array {
  const result = new Float32Array(data.length);
  const columns = data.length / rows;
  for (let row = 0; row < rows; row++) {
    const from = source(row) * columns;
    result.set(data.subarray(from, from + columns), row * columns);
  }
  return result;
}

/** Matrices below each other, all of one width; or stacks of them, matrix by matrix. */
export const BELOW: Undo = {
  shape: (shapes) => [
    ...shapes[0].slice(0, -2),
    sum(shapes.map((shape) => shape.at(-2)!)),
    shapes[0].at(-1)!,
  ],
  values: (parts, [shape]) => inTurn(parts, product(shape.slice(0, -2))),
};

/** The first of `count` equal pieces of each part, then the second of each. */
function inTurn(parts: readonly Float32Array[], count: number): Float32Array {
  const result = new Float32Array(sum(parts.map(({ length }) => length)));
  let at = 0;
  for (let i = 0; i < count; i++)
    for (const part of parts) {
      const size = part.length / count;
      result.set(part.subarray(i * size, (i + 1) * size), at);
      at += size;
    }
  return result;
}

/** q, k and v one after the other -> by groups: the queries that share a key, that key, that value. */
export const GROUPED: Undo = {
  values: ([data], [[rows]], facts) => {
    const [heads, kv] = [facts.number('attention.head_count'), keyHeads(facts)];
    const columns = data.length / rows;
    const width = (rows / (heads + 2 * kv)) * columns;
    const [q, k] = [heads * width, kv * width];
    return inTurn([data.subarray(0, q), data.subarray(q, q + k), data.subarray(q + k)], kv);
  },
};

/** q, k and v, their rows permuted, -> by groups (InternLM2). */
export const GROUPED_APART: Undo = {
  shape: (shapes) => [sum(shapes.map(([rows]) => rows)), ...shapes[0].slice(1)],
  values: ([q, k, v], [[qRows], [kRows]], facts) => {
    const heads = facts.number('attention.head_count');
    const kv = keyHeads(facts);
    return inTurn([unpermuteRows(q, qRows, heads), unpermuteRows(k, kRows, kv), v], kv);
  },
};

/** q, k and v, the rows of q and k permuted, -> one below the other. */
export const BELOW_UNPERMUTED: Undo = {
  shape: GROUPED_APART.shape,
  values: ([q, k, v], [[qRows], [kRows]], facts) => {
    const parts = [
      unpermuteRows(q, qRows, facts.number('attention.head_count')),
      unpermuteRows(k, kRows, keyHeads(facts)),
      v,
    ];
    return inTurn(parts, 1);
  },
};

/** `k_b` `[heads, rank, nope]` and `v_b` `[heads, v, rank]` -> `kv_b_proj` `[heads (nope + v), rank]`. */
export const LATENT: Undo = {
  shape: ([[heads, rank, nope], [, width]]) => [heads * (nope + width), rank],
  values: ([k, v], [kShape, [heads]]) => inTurn([transposed(k, kShape), v], heads),
};

/** Columns of two stacks in turn, after the last two dimensions changed places (gpt-oss). */
export const INTERLEAVED: Undo = {
  shape: ([[experts, inner, hidden]]) => [experts, hidden, 2 * inner],
  values: ([gate, up], [[experts, inner, hidden]]) => {
    const result = new Float32Array(gate.length + up.length);
    for (let e = 0; e < experts; e++)
      for (let i = 0; i < inner; i++)
        for (let h = 0; h < hidden; h++) {
          const from = (e * inner + i) * hidden + h;
          const to = ((e * hidden + h) * inner + i) * 2;
          result[to] = gate[from];
          result[to + 1] = up[from];
        }
    return result;
  },
};

/** The same of their biases, `[experts, inner]`. */
export const INTERLEAVED_BIAS: Undo = {
  shape: ([[experts, inner]]) => [experts, 2 * inner],
  values: ([gate, up]) => {
    const result = new Float32Array(gate.length + up.length);
    for (let i = 0; i < gate.length; i++) {
      result[2 * i] = gate[i];
      result[2 * i + 1] = up[i];
    }
    return result;
  },
};
