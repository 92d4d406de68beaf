import {
  add,
  concat,
  constant,
  cumsum,
  exp,
  expand,
  greaterEqual,
  iota,
  MASKED,
  matmul,
  mul,
  pad,
  reshape,
  scalar,
  slice,
  sub,
  transpose,
  where,
  type Tensor,
} from '../graph/index.js';

export interface DeltaOperands {
  /** [B, T, H, K] */
  readonly queries: Tensor;
  readonly keys: Tensor;
  /** [B, T, H, V] */
  readonly values: Tensor;
  /** Logarithm of what is kept of the state, at most 0. [B, T, H] */
  readonly decay: Tensor;
  /** How much of what the state holds at a key is replaced, 0 to 1. [B, T, H] */
  readonly rate: Tensor;
  /** [B, H, K, V] */
  readonly state: Tensor;
}

const CHUNK = 64;

/**
 * Gated delta rule (Yang et al., 2025): S ← e^decay · S, then S ← S + k ⊗ rate · (v − Sᵀk); reads Sᵀq. In chunks of
 * matrix products: within one, what each step writes follows from the steps before it by a triangular system. No
 * exponent is positive.
 */
export function gatedDeltaRule({ queries, keys, values, decay, rate, state }: DeltaOperands): {
  y: Tensor;
  state: Tensor;
} {
  const [batch, length, heads, width] = values.shape;
  const steps = Math.min(CHUNK, length);
  const chunks = Math.ceil(length / steps);
  /** [B, T, H, m] -> [B, H, chunks, steps, m]; padding has no rate and no decay: it leaves the state alone. */
  const split = (part: Tensor): Tensor => {
    const padded = pad(part, [0, 0, 0, 0], [0, chunks * steps - length, 0, 0]);
    return transpose(reshape(padded, [batch, chunks, steps, heads, part.shape[3]]), [0, 3, 1, 2, 4]);
  };
  const column = (part: Tensor): Tensor => split(reshape(part, [batch, length, heads, 1]));

  const [q, k, rates] = [split(queries), split(keys), column(rate)];
  const sums = cumsum(column(decay), 3);
  const apart = sub(sums, reshape(sums, [batch, heads, chunks, 1, steps]));
  const kept = exp(where(isAtMost(0, steps), apart, scalar(MASKED)));
  const rated = mul(k, rates);
  const overlaps = mul(matmul(rated, k, { transB: true }), kept);
  const solved = unitInverse(where(isAtMost(-1, steps), overlaps, scalar(0)));
  const fromStart = exp(sums);
  const total = slice(sums, 3, steps - 1, steps);

  const written = matmul(solved, mul(split(values), rates));
  const known = matmul(solved, mul(rated, fromStart));
  const within = mul(matmul(q, k, { transB: true }), kept);
  const before = mul(q, fromStart);
  const toEnd = mul(k, exp(sub(total, sums)));
  const keptAtEnd = exp(total);

  let held = state;
  const reads: Tensor[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const of = (all: Tensor): Tensor =>
      reshape(slice(all, 2, chunk, chunk + 1), [batch, heads, ...all.shape.slice(3)]);
    const change = sub(of(written), matmul(of(known), held));
    reads.push(add(matmul(of(before), held), matmul(of(within), change)));
    held = add(mul(of(keptAtEnd), held), matmul(of(toEnd), change, { transA: true }));
  }
  const y = slice(concat(reads, 2), 2, 0, length);
  return { y: reshape(transpose(y, [0, 2, 1, 3]), [batch, length, heads, width]), state: held };
}

/** [steps, steps], true where the column is at most the row plus `offset`. */
function isAtMost(offset: number, steps: number): Tensor {
  return greaterEqual(add(reshape(iota(steps), [steps, 1]), scalar(offset, 'int32')), iota(steps));
}

/**
 * (I + L)⁻¹ of strictly lower triangles L [..., n, n]: blocks on the diagonal are inverted, then pairs of them are
 * joined, until one is left. Powers of L, which are fewer, would grow beyond what float32 can cancel.
 */
function unitInverse(lower: Tensor): Tensor {
  const count = lower.shape.at(-1)!;
  let inverse = expand(
    square(count, (row, column) => row === column),
    lower.shape,
  );
  for (let block = 1; block < count; block *= 2) {
    const isBetweenPair = (row: number, column: number): boolean => {
      const [down, across] = [Math.floor(row / block), Math.floor(column / block)];
      return down % 2 === 1 && across === down - 1;
    };
    const between = mul(lower, square(count, isBetweenPair));
    inverse = sub(inverse, matmul(matmul(inverse, between), inverse));
  }
  return inverse;
}

/** A matrix of ones where `holds`, of zeros elsewhere. */
function square(count: number, holds: (row: number, column: number) => boolean): Tensor {
  const values = Array.from({ length: count * count }, (_, i) =>
    Number(holds(Math.floor(i / count), i % count)),
  );
  return constant(values, [count, count]);
}
