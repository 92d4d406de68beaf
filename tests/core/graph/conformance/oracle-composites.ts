/** The ops that backends may build from simpler ones, each as the textbook has it. */
import type { Meaning } from './oracle.js';
import { allIndices, at, fill, type Value } from './values.js';

interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
  readonly scale: number;
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

/** Softmax weights of one scaled query over the first `count` keys, which begin at `keyStart(s)` in `keys`. */
function attend(
  query: Float64Array,
  keys: Float64Array,
  { count, scale, keyStart }: { count: number; scale: number; keyStart: (s: number) => number },
  bias: (s: number) => number,
): number[] {
  const scores = Array.from({ length: count }, (_, s) => {
    const start = keyStart(s);
    const dot = query.reduce((sum, value, d) => sum + value * keys[start + d], 0);
    return dot * scale + bias(s);
  });
  const total = logSumExp(scores);
  return scores.map((score) => Math.exp(score - total));
}

const attention: Meaning = ([q, k, v, mask], attrs: Heads & { causal: boolean }) => {
  const { heads, kvHeads, scale, causal } = attrs;
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
    const weights = attend(query, k.data, { count, scale, keyStart }, (s) => mask.data[maskStart + s]);
    for (let d = 0; d < valueWidth; d++) {
      const valueAt = (s: number): number => v.data[(b * total + s) * v.shape[2] + head * valueWidth + d];
      data.push(weights.reduce((sum, weight, s) => sum + weight * valueAt(s), 0));
    }
  }
  return [{ dtype: 'float32', shape: [batch, length, heads * valueWidth], data: Float64Array.from(data) }];
};

const cachedAttention: Meaning = (
  [q, k, v, cachedK, cachedV, past],
  { heads, kvHeads, scale }: Heads,
  specs,
) => {
  const [, length, wide] = q.shape;
  const [, , capacity, width] = cachedK.shape;
  const write = (cache: Value, fresh: Value): Value =>
    fill('float32', cache.shape, ([b, head, s, d]) => {
      const t = s - past.data[b];
      return t >= 0 && t < length ? at(fresh, [b, t, head * width + d]) : at(cache, [b, head, s, d]);
    });
  const [keys, values] = [write(cachedK, k), write(cachedV, v)];
  const out = fill('float32', specs[0].shape, ([b, t, i]) => {
    const [h, d] = [Math.floor(i / width), i % width];
    const head = Math.floor(h / (heads / kvHeads));
    const start = (b * length + t) * wide + h * width;
    const keyStart = (s: number): number => ((b * kvHeads + head) * capacity + s) * width;
    const query = q.data.subarray(start, start + width);
    const weights = attend(query, keys.data, { count: past.data[b] + t + 1, scale, keyStart }, () => 0);
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
  rope: ([x, cos, sin, positions], { heads }: { heads: number }) => {
    const width = x.shape[2] / heads;
    const half = width / 2;
    return [
      fill('float32', x.shape, ([b, t, i]) => {
        const d = i % width;
        const place = [at(positions, [b, t]), d % half];
        const partner = d < half ? -at(x, [b, t, i + half]) : at(x, [b, t, i - half]);
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
