import { requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { iota, scalar } from './constant.js';
import { expand } from './expand.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { softcap, softcapSlope } from './softcap.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';
import { groupedHeads, keyHeads, ungroupHeads, unkeyHeads } from '../heads.js';
import { scoreBias, type ScoreBiasAttrs, type ScoreBiasOptions } from '../score-bias.js';

/** What the scores of queries and keys go through, in whole sequences and against a cache alike. */
export interface ScoreOptions extends ScoreBiasOptions {
  readonly heads: number;
  readonly kvHeads: number;
  /** Factor on the scores, usually 1/√hd. */
  readonly scale: number;
  /** Scores become cap·tanh(score / cap) before any bias or mask. */
  readonly softcap?: number;
}

export interface AttentionOptions extends ScoreOptions {
  /** No query sees a later key: key blocks past the diagonal are skipped. The mask still decides inside. */
  readonly causal: boolean;
}

/** Attributes of attention ops. */
export type ScoreAttrs = ScoreBiasAttrs & { kvHeads: number; scale: number; softcap?: number };

type AttentionAttrs = ScoreAttrs & { causal: boolean };

/** Queries per block: larger score blocks leave the L2 cache (docs/adr/0001). */
const QUERY_CHUNK = 128;

/**
 * Scaled dot-product attention with grouped key/value heads (Vaswani et al., 2017; Ainslie et al., 2023).
 * q [B, T, heads·hd], k [B, S, kvHeads·hd], v [B, S, kvHeads·w], additive mask float32 [T, S] or [B, T, S]
 * -> [B, T, heads·w]. With `sinks` [heads], the softmax of each head sees one more score, which has no value
 * (gpt-oss).
 * Works on query blocks, keeps no probabilities for backward (Dao et al., 2022: dS = P∘(dP − rowsum(dO∘O))).
 */
export const attentionOp = defineOp<AttentionAttrs>({
  name: 'attention',
  residual: 'save',
  infer([q, k, v, mask, ...sinks], { heads, kvHeads, causal }) {
    requireFloat('attention', q, k, v, mask, ...sinks);
    const [[batch, length, width], total] = [q.shape, k.shape[1]];
    const fits =
      [q, k, v].every(({ shape }) => shape.length === 3 && shape[0] === batch) &&
      heads % kvHeads === 0 &&
      width * kvHeads === k.shape[2] * heads &&
      v.shape[1] === total &&
      v.shape[2] % kvHeads === 0 &&
      sameShape(mask.shape, mask.shape.length === 3 ? [batch, length, total] : [length, total]) &&
      sinks.every(({ shape }) => sameShape(shape, [heads])) &&
      // Causal queries are the last positions of the keys.
      !(causal && total < length);
    if (!fits)
      throw shapeError(
        'attention',
        `q [B, T, H·hd], k, v [B, S, K·hd]${causal ? ' with S >= T' : ''}, mask [T, S] or [B, T, S], sinks [H]`,
        q,
        k,
        v,
        mask,
        ...sinks,
      );
    return [{ shape: [...q.shape.slice(0, 2), (v.shape[2] / kvHeads) * heads], dtype: 'float32' }];
  },
  decompose([q, k, v, mask, sinks], attrs) {
    const blocks = scoreBlocks([q, k, mask, sinks], attrs);
    const values = keyHeads(v, attrs.kvHeads);
    const outputs = blocks.map(({ probabilities, keys, grouped }) =>
      grouped(matmul(flatten(probabilities), slice(values, 1, 0, keys))),
    );
    return [ungroupHeads(concat(outputs, 3))];
  },
  vjp({ inputs: [q, k, v, mask, sinks], outputs: [out], attrs, cotangents: [dy] }) {
    const { heads, kvHeads, scale } = attrs;
    const [keyTable, values] = [keyHeads(k, kvHeads), keyHeads(v, kvHeads)];
    const [gradient, output] = [groupedHeads(dy!, heads, kvHeads), groupedHeads(out, heads, kvHeads)];
    const delta = reduceSum(mul(gradient, output), [-1], true);
    const parts = scoreBlocks([q, k, mask, sinks], attrs).map(
      ({ probabilities, sunk, slope, query, start, end, keys, grouped }) => {
        const dOut = flatten(slice(gradient, 3, start, end));
        const dProbabilities = matmul(dOut, slice(values, 1, 0, keys), { transB: true });
        const own = slice(delta, 3, start, end);
        const centred = sub(reshape(dProbabilities, probabilities.shape), own);
        const dBent = mul(probabilities, centred);
        const dScores = flatten(slope ? mul(dBent, slope) : dBent);
        return {
          dSinks: sunk && neg(reduceSum(mul(sunk, own), [0, 3, 4])),
          dQuery: grouped(matmul(dScores, slice(keyTable, 1, 0, keys), { alpha: scale })),
          dKey: matmul(dScores, query, { transA: true, alpha: scale }),
          dValue: matmul(flatten(probabilities), dOut, { transA: true }),
        };
      },
    );
    return [
      ungroupHeads(
        concat(
          parts.map(({ dQuery }) => dQuery),
          3,
        ),
      ),
      unkeyHeads(sumPrefixes(parts.map(({ dKey }) => dKey)), kvHeads),
      unkeyHeads(sumPrefixes(parts.map(({ dValue }) => dValue)), kvHeads),
      undefined,
      ...(sinks ? [reshape(parts.map(({ dSinks }) => dSinks!).reduce(add), [heads])] : []),
    ];
  },
});

/** @param sinks one score per head that only takes from the others' probability */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  mask: Tensor,
  options: AttentionOptions,
  sinks?: Tensor,
): Tensor {
  return apply1(attentionOp, [q, k, v, mask, ...(sinks ? [sinks] : [])], { ...options });
}

interface ScoreBlock {
  readonly start: number;
  readonly end: number;
  /** Number of leading keys this block looks at. */
  readonly keys: number;
  /** [B·K, G·C, hd] */
  readonly query: Tensor;
  /** [B, K, G, C, keys] */
  readonly probabilities: Tensor;
  /** What the sinks take, [B, K, G, C, 1]. */
  readonly sunk?: Tensor;
  /** Derivative of the capped scores by the scores. */
  readonly slope?: Tensor;
  /** Views a [B·K, G·C, n] tensor as [B, K, G, C, n]. */
  readonly grouped: (x: Tensor) => Tensor;
}

function scoreBlocks(
  [q, k, mask, sinks]: readonly [Tensor, Tensor, Tensor, Tensor?],
  attrs: AttentionAttrs,
): ScoreBlock[] {
  const queries = groupedHeads(q, attrs.heads, attrs.kvHeads);
  const keyTable = keyHeads(k, attrs.kvHeads);
  const [batch, kvHeads, group, length] = queries.shape;
  const total = k.shape[1];
  const blocks: ScoreBlock[] = [];
  for (let start = 0; start < length; start += QUERY_CHUNK) {
    const end = Math.min(length, start + QUERY_CHUNK);
    const keys = attrs.causal ? end + total - length : total;
    const query = flatten(slice(queries, 3, start, end));
    const grouped = (x: Tensor): Tensor => reshape(x, [batch, kvHeads, group, end - start, x.shape.at(-1)!]);
    const scores = matmul(query, slice(keyTable, 1, 0, keys), { transB: true, alpha: attrs.scale });
    const bias = slice(slice(mask, -2, start, end), -1, 0, keys);
    const spread = bias.shape.length === 3 ? reshape(bias, [batch, 1, 1, end - start, keys]) : bias;
    const headBias = scoreBias(queryPositions(total - length + start, end - start), { keys, kvHeads }, attrs);
    const bent = attrs.softcap ? softcap(grouped(scores), attrs.softcap) : grouped(scores);
    const masked = add(headBias ? add(bent, headBias) : bent, spread);
    const slope = attrs.softcap ? softcapSlope(bent, attrs.softcap) : undefined;
    blocks.push({ start, end, keys, query, grouped, slope, ...softmaxWithSinks(masked, sinks) });
  }
  return blocks;
}

/** int32 [count, 1] */
function queryPositions(start: number, count: number): Tensor {
  return reshape(add(iota(count), scalar(start, 'int32')), [count, 1]);
}

/**
 * Softmax over the last axis of scores [B, K, G, C, n], each head with one more score from `sinks` [K·G], whose share is
 * cut off.
 */
export function softmaxWithSinks(scores: Tensor, sinks?: Tensor): { probabilities: Tensor; sunk?: Tensor } {
  if (!sinks) return { probabilities: softmax(scores) };
  const [batch, kvHeads, group, count, keys] = scores.shape;
  const column = expand(reshape(sinks, [1, kvHeads, group, 1, 1]), [batch, kvHeads, group, count, 1]);
  const all = softmax(concat([scores, column], 4));
  return { probabilities: slice(all, 4, 0, keys), sunk: slice(all, 4, keys, keys + 1) };
}

/** [B, K, G, C, n] -> [B·K, G·C, n] */
function flatten(x: Tensor): Tensor {
  const [batch, kvHeads, group, count, width] = x.shape;
  return reshape(x, [batch * kvHeads, group * count, width]);
}

/**
 * Sums [N, e, hd] tensors of growing length e, each aligned at the start. Walks from the longest down and sets the
 * finished tail aside, so every element is added once per block that reaches it and no zeros are.
 */
function sumPrefixes(parts: readonly Tensor[]): Tensor {
  const tails: Tensor[] = [];
  let sum = parts[parts.length - 1];
  for (const part of parts.slice(0, -1).reverse()) {
    const reach = part.shape[1];
    if (reach < sum.shape[1]) tails.unshift(slice(sum, 1, reach, sum.shape[1]));
    sum = add(slice(sum, 1, 0, reach), part);
  }
  return concat([sum, ...tails], 1);
}
