/** The ops that backends may build from simpler ones, each as the textbook has it. */
import type { Meaning } from './oracle.js';
import { allIndices, at, fill, type Value } from './values.js';

interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
  readonly scale: number;
  readonly softcap?: number;
  readonly alibi?: number;
  readonly sparse?: readonly number[];
  readonly window?: number;
}

/** A query: its head, its position among the keys, the share of its head's sink. */
interface Asking {
  readonly head: number;
  readonly position: number;
  readonly sink?: number;
}

/** The same function of every row along the last axis. */
function rows(compute: (row: readonly number[]) => readonly number[]): Meaning {
  return ([x], _, [{ dtype, shape }]) => {
    const data = allIndices(x.shape.slice(0, -1)).flatMap((lead) =>
      compute(Array.from({ length: x.shape.at(-1)! }, (_, i) => at(x, [...lead, i]))),
    );
    return [{ dtype, shape, data: Float64Array.from(data) }];
  };
}

function logSumExp(row: readonly number[]): number {
  const max = Math.max(...row);
  return max + Math.log(row.reduce((sum, value) => sum + Math.exp(value - max), 0));
}

const softmax = (row: readonly number[]): number[] => row.map((value) => Math.exp(value - logSumExp(row)));

function product(a: Value, b: Value, attrs: { transA: boolean; transB: boolean; alpha: number }) {
  return (index: readonly number[]): number => {
    const [row, column] = index.slice(-2);
    const lead = index.slice(0, -2);
    const inner = a.shape.at(attrs.transA ? -2 : -1)!;
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const x = at(a, [...lead, ...(attrs.transA ? [k, row] : [row, k])]);
      sum += x * at(b, [...lead, ...(attrs.transB ? [column, k] : [k, column])]);
    }
    return attrs.alpha * sum;
  };
}

/** Softmax weights of one query over the first `count` keys, which begin at `keyStart(s)` in `keys`. */
function attend(
  query: Float64Array,
  keys: Float64Array,
  { count, keyStart }: { count: number; keyStart: (s: number) => number },
  bias: (s: number) => number,
  { head, position, sink }: Asking,
  { heads, scale, softcap, alibi, sparse, window = Infinity }: Heads,
): number[] {
  const scores = Array.from({ length: count }, (_, s) => {
    const start = keyStart(s);
    const dot = scale * query.reduce((sum, value, d) => sum + value * keys[start + d], 0);
    const bent = softcap ? softcap * Math.tanh(dot / softcap) : dot;
    if (position - s >= window) return -Infinity;
    return (
      bent + bias(s) + (alibi ? alibi * slope(head, heads) * s : 0) + sparseBias(position, s, head, sparse)
    );
  });
  const total = logSumExp(sink === undefined ? scores : [...scores, sink]);
  return scores.map((score) => Math.exp(score - total));
}

/** ALiBi's slopes, as the paper's text has them: a geometric sequence, and between its members those of twice as many. */
function slope(head: number, heads: number): number {
  const power = 2 ** Math.floor(Math.log2(heads));
  const sequence = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 / n) * (i + 1)));
  return [...sequence(power), ...sequence(2 * power).filter((_, i) => i % 2 === 0)][head];
}

function sparseBias(query: number, key: number, head: number, sparse?: readonly number[]): number {
  if (!sparse) return 0;
  const [size, local, stride] = sparse;
  const [m, n] = [Math.floor(query / size), Math.floor(key / size)];
  return m - n < local || (n + head + 1) % stride === 0 ? 0 : -1e30;
}

const attention: Meaning = ([q, k, v, mask, sinks], attrs: Heads & { causal: boolean }) => {
  const { heads, kvHeads, causal } = attrs;
  const [batch, length, wide] = q.shape;
  const [width, total, valueWidth] = [wide / heads, k.shape[1], v.shape[2] / kvHeads];
  const data: number[] = [];
  for (const [b, t, h] of allIndices([batch, length, heads])) {
    const head = Math.floor(h / (heads / kvHeads));
    const start = (b * length + t) * wide + h * width;
    const maskStart = ((mask.shape.length === 3 ? b * length : 0) + t) * total;
    const count = causal ? total - length + t + 1 : total;
    const keyStart = (s: number): number => (b * total + s) * k.shape[2] + head * width;
    const query = q.data.subarray(start, start + width);
    const asking = { head: h, position: total - length + t, sink: sinks?.data[h] };
    const bias = (s: number): number => mask.data[maskStart + s];
    const weights = attend(query, k.data, { count, keyStart }, bias, asking, attrs);
    for (let d = 0; d < valueWidth; d++) {
      const valueAt = (s: number): number => v.data[(b * total + s) * v.shape[2] + head * valueWidth + d];
      data.push(weights.reduce((sum, weight, s) => sum + weight * valueAt(s), 0));
    }
  }
  return [{ dtype: 'float32', shape: [batch, length, heads * valueWidth], data: Float64Array.from(data) }];
};

const cachedAttention: Meaning = ([q, k, v, cachedK, cachedV, past, sinks], attrs: Heads, specs) => {
  const { heads, kvHeads } = attrs;
  const [, length, wide] = q.shape;
  const [, , capacity, width] = cachedK.shape;
  const valueWidth = cachedV.shape[3];
  const write = (cache: Value, fresh: Value): Value =>
    fill('float32', cache.shape, ([b, head, s, d]) => {
      const t = s - past.data[b];
      return t >= 0 && t < length ? at(fresh, [b, t, head * cache.shape[3] + d]) : at(cache, [b, head, s, d]);
    });
  const [keys, values] = [write(cachedK, k), write(cachedV, v)];
  const out = fill('float32', specs[0].shape, ([b, t, i]) => {
    const [h, d] = [Math.floor(i / valueWidth), i % valueWidth];
    const head = Math.floor(h / (heads / kvHeads));
    const start = (b * length + t) * wide + h * width;
    const keyStart = (s: number): number => ((b * kvHeads + head) * capacity + s) * width;
    const query = q.data.subarray(start, start + width);
    const position = past.data[b] + t;
    const asking = { head: h, position, sink: sinks?.data[h] };
    const weights = attend(query, keys.data, { count: position + 1, keyStart }, () => 0, asking, attrs);
    return weights.reduce((sum, weight, s) => sum + weight * at(values, [b, head, s, d]), 0);
  });
  return [out, keys, values];
};

export const composites: Readonly<Record<string, Meaning>> = {
  softmax: rows(softmax),
  logSumExp: rows((row) => [logSumExp(row)]),
  matmul: ([a, b], attrs, [{ shape }]) => [fill('float32', shape, product(a, b, attrs))],
  addmm: ([c, a, b], attrs, [{ shape }]) => [
    fill('float32', shape, (index) => at(c, index) + product(a, b, attrs)(index)),
  ],
  dropout: ([x, keep], { p }: { p: number }) => [
    fill('float32', x.shape, (index) => (at(x, index) * at(keep, index)) / (1 - p)),
  ],
  rmsNorm: ([x, weight], { eps }: { eps: number }, [, inverse]) => {
    const width = x.shape.at(-1)!;
    const invert = (lead: readonly number[]): number => {
      let squares = 0;
      for (let i = 0; i < width; i++) squares += at(x, [...lead, i]) ** 2;
      return 1 / Math.sqrt(squares / width + eps);
    };
    const normalized = fill(
      'float32',
      x.shape,
      (index) => at(x, index) * invert(index.slice(0, -1)) * at(weight, index.slice(-1)),
    );
    return [normalized, fill('float32', inverse.shape, (index) => invert(index.slice(0, -1)))];
  },
  rope: ([x, cos, sin, positions], { heads, interleaved }: { heads: number; interleaved: boolean }) => {
    const width = x.shape[2] / heads;
    const half = cos.shape[1];
    return [
      fill('float32', x.shape, ([b, t, i]) => {
        const d = i % width;
        if (d >= 2 * half) return at(x, [b, t, i]);
        const [step, pair, first] = interleaved
          ? [1, Math.floor(d / 2), d % 2 === 0]
          : [half, d % half, d < half];
        const place = [at(positions, [b, t]), pair];
        const partner = first ? -at(x, [b, t, i + step]) : at(x, [b, t, i - step]);
        return at(x, [b, t, i]) * at(cos, place) + partner * at(sin, place);
      }),
    ];
  },
  attention,
  cachedAttention,
  linearCrossEntropy: ([hidden, weight, labels]) => {
    const logits = allIndices(hidden.shape.slice(0, 1)).map(([n]) =>
      allIndices(weight.shape.slice(0, 1)).map(([token]) =>
        product(hidden, weight, { transA: false, transB: true, alpha: 1 })([n, token]),
      ),
    );
    const own = logits.map((row, n) => row[labels.data[n]]);
    const perToken = (values: readonly number[]): Value => ({
      dtype: 'float32',
      shape: labels.shape,
      data: Float64Array.from(values),
    });
    return [
      perToken(logits.map((row, n) => logSumExp(row) - own[n])),
      perToken(logits.map((row, n) => (own[n] >= Math.max(...row) ? 1 : 0))),
    ];
  },
};
