import * as graph from '../../core/graph/index.js';
import type { HostTensor } from '../../core/contracts/backend.js';
import type { Draw, OpCase, Sample } from './draw.js';

const HIDDEN = -1e9;

interface AttentionSizes {
  readonly batch: number;
  readonly length: number;
  readonly keys?: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly width: number;
  readonly valueWidth?: number;
  readonly sinks?: boolean;
  /** Softcap, ALiBi, block sparsity. */
  readonly scores?: Pick<graph.ScoreOptions, 'softcap' | 'alibi' | 'sparse'>;
  readonly mask: 'causal' | 'packed' | 'none';
}

function attention(draw: Draw, sizes: AttentionSizes): Sample {
  const { batch, length, keys = length, heads, kvHeads, width, valueWidth = width, mask, scores } = sizes;
  const options = { heads, kvHeads, scale: width ** -0.5, causal: mask !== 'none', ...scores };
  return {
    inputs: [
      draw.floats([batch, length, heads * width]),
      draw.floats([batch, keys, kvHeads * width]),
      draw.floats([batch, keys, kvHeads * valueWidth]),
      maskOf(draw, sizes),
      ...(sizes.sinks ? [draw.floats([heads])] : []),
    ],
    build: ([q, k, v, bias, sinks]) => [graph.attention(q, k, v, bias, options, sinks)],
    wrt: sizes.sinks ? [0, 1, 2, 4] : [0, 1, 2],
  };
}

/** Additive: causal [T, S], causal within samples packed into one row [B, T, T], or small random numbers [T, S]. */
function maskOf(draw: Draw, { batch, length, keys = length, mask }: AttentionSizes): HostTensor {
  if (mask === 'none') return draw.floats([length, keys]);
  const rows = Array.from({ length: mask === 'packed' ? batch : 1 }, () => {
    const starts = Array.from({ length }, (_, t) => t === 0 || (mask === 'packed' && draw.int(0, 3) === 0));
    const sample = starts.map((_, t) => starts.slice(0, t + 1).filter(Boolean).length);
    return Float32Array.from({ length: length * keys }, (_, i) => {
      const [t, s] = [Math.floor(i / keys), i % keys];
      const past = s <= t + keys - length;
      return past && (mask === 'causal' || sample[t] === sample[s]) ? 0 : HIDDEN;
    });
  });
  const data = Float32Array.from(rows.flatMap((row) => [...row]));
  return { dtype: 'float32', shape: mask === 'packed' ? [batch, length, keys] : [length, keys], data };
}

const lengths = (length: number, rest: Partial<AttentionSizes> = {}) => {
  const sizes = { batch: 1, length, heads: 2, kvHeads: 1, width: 4, mask: 'causal' as const, ...rest };
  return (draw: Draw) => attention(draw, sizes);
};

const SCORES = [
  {},
  { softcap: 0.7 },
  { alibi: 0.5 },
  { softcap: 1.3, alibi: 1 },
  { sparse: [1, 2, 2] },
] as const;

const attentionCase: OpCase = {
  op: graph.attentionOp,
  sample(draw) {
    const [kvHeads, group] = [draw.int(1, 2), draw.int(1, 3)];
    return attention(draw, {
      batch: draw.int(1, 2),
      length: draw.dim(),
      heads: kvHeads * group,
      kvHeads,
      width: 2 * draw.int(1, 2),
      valueWidth: draw.int(1, 4),
      sinks: draw.pick([true, false]),
      scores: draw.pick(SCORES),
      mask: draw.pick(['causal', 'packed', 'none']),
    });
  },
  fixed: {
    'one position less than a query block': lengths(127),
    'exactly a query block': lengths(128),
    'one position more than a query block': lengths(129),
    'three query blocks': lengths(300),
    'three query blocks, samples packed': lengths(300, { batch: 2, mask: 'packed' }),
    'two query blocks, every key seen': lengths(140, { mask: 'none' }),
    'two query blocks, scores capped, sinks': lengths(140, { scores: { softcap: 1 }, sinks: true }),
    'two query blocks, block-sparse': lengths(140, { scores: { sparse: [16, 2, 3] } }),
    'fewer queries than keys': lengths(5, { keys: 9 }),
    'fewer queries than keys, every key seen': lengths(3, { keys: 9, mask: 'none', heads: 4, kvHeads: 2 }),
  },
};

const rope: OpCase = {
  op: graph.ropeOp,
  sample(draw) {
    const [batch, length, heads, half] = [draw.int(1, 2), draw.dim(), draw.int(1, 3), draw.dim()];
    const [positions, interleaved, passed] = [7, draw.pick([true, false]), draw.pick([0, 2, 4])];
    const angles = draw.floats([positions, half], -3, 3).data;
    const table = (turn: (angle: number) => number): HostTensor => ({
      dtype: 'float32',
      shape: [positions, half],
      data: Float32Array.from(angles, turn),
    });
    return {
      inputs: [
        draw.floats([batch, length, heads * (half * 2 + passed)]),
        table(Math.cos),
        table(Math.sin),
        draw.ints([batch, length], 0, positions - 1),
      ],
      build: ([x, cos, sin, ids]) => [graph.rope(x, cos, sin, ids, { heads, interleaved })],
      wrt: [0],
    };
  },
};

function cached(
  draw: Draw,
  batch: number,
  length: number,
  past: readonly number[],
  fixedCapacity?: number,
): Sample {
  const [kvHeads, group, width] = [draw.int(1, 2), draw.int(1, 3), draw.pick([6, 8, 16])];
  const valueWidth = draw.pick([width, width, 6]);
  const sinks = draw.int(0, 3) === 0;
  const window = draw.pick([undefined, 1, 2, 5]);
  const options = { scale: 0.3, window, ...draw.pick(SCORES) };
  const heads = kvHeads * group;
  const capacity = fixedCapacity ?? Math.max(...past) + length + draw.int(0, 3);
  return {
    inputs: [
      draw.floats([batch, length, heads * width]),
      draw.floats([batch, length, kvHeads * width]),
      draw.floats([batch, length, kvHeads * valueWidth]),
      draw.floats([batch, kvHeads, capacity, width]),
      draw.floats([batch, kvHeads, capacity, valueWidth]),
      { dtype: 'int32', shape: [batch], data: Int32Array.from(past) },
      ...(sinks ? [draw.floats([heads])] : []),
    ],
    build: ([q, k, v, cachedK, cachedV, filled, sinkScores]) => [
      // The caches are compared where they are defined, by cached-attention.ts.
      graph.cachedAttention(
        { q, k, v, cachedK, cachedV, past: filled, sinks: sinkScores },
        { heads, kvHeads, ...options },
      ).out,
    ],
    wrt: [],
  };
}

const cachedAttention: OpCase = {
  op: graph.cachedAttentionOp,
  sample(draw) {
    const [batch, length] = [draw.int(1, 3), draw.int(1, 3)];
    return cached(
      draw,
      batch,
      length,
      Array.from({ length: batch }, () => draw.int(0, 6)),
    );
  },
  fixed: {
    'one token, ragged rows': (draw) => cached(draw, 3, 1, [0, 5, 2]),
    'a prompt into empty caches': (draw) => cached(draw, 2, 6, [0, 0], 16),
    'a second prompt behind ragged rows': (draw) => cached(draw, 3, 4, [0, 5, 2], 16),
    'up to the last position': (draw) => cached(draw, 2, 3, [5, 2], 8),
  },
};

export const attentionCases: readonly OpCase[] = [attentionCase, rope, cachedAttention];
