import { requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';
import { groupedHeads, keyHeads, ungroupHeads, unkeyHeads } from '../heads.js';

export interface AttentionOptions {
  readonly heads: number;
  readonly kvHeads: number;
  /** Factor on the scores, usually 1/√hd. */
  readonly scale: number;
  /** No query sees a later key: key blocks past the diagonal are skipped. The mask still decides inside. */
  readonly causal: boolean;
}

type AttentionAttrs = { heads: number; kvHeads: number; scale: number; causal: boolean };

/** Queries per block: larger score blocks leave the L2 cache (docs/adr/0001). */
const QUERY_CHUNK = 128;

/**
 * Scaled dot-product attention with grouped key/value heads (Vaswani et al., 2017; Ainslie et al., 2023).
 * q [B, T, heads·hd], k and v [B, S, kvHeads·hd], additive mask float32 [T, S] or [B, T, S] -> [B, T, heads·hd].
 * Works on query blocks, keeps no probabilities for backward (Dao et al., 2022: dS = P∘(dP − rowsum(dO∘O))).
 */
export const attentionOp = defineOp<AttentionAttrs>({
  name: 'attention',
  residual: 'save',
  infer([q, k, v, mask], { heads, kvHeads, causal }) {
    requireFloat('attention', q, k, v, mask);
    const [[batch, length, width], total] = [q.shape, k.shape[1]];
    const fits =
      [q, k, v].every(({ shape }) => shape.length === 3 && shape[0] === batch) &&
      heads % kvHeads === 0 &&
      width * kvHeads === k.shape[2] * heads &&
      v.shape[1] === total &&
      v.shape[2] % kvHeads === 0 &&
      sameShape(mask.shape, mask.shape.length === 3 ? [batch, length, total] : [length, total]) &&
      // Causal queries are the last positions of the keys.
      !(causal && total < length);
    if (!fits)
      throw shapeError(
        'attention',
        `q [B, T, H·hd], k, v [B, S, K·hd]${causal ? ' with S >= T' : ''}, mask [T, S] or [B, T, S]`,
        q,
        k,
        v,
        mask,
      );
    return [{ shape: [...q.shape.slice(0, 2), (v.shape[2] / kvHeads) * heads], dtype: 'float32' }];
  },
  decompose([q, k, v, mask], attrs) {
    const blocks = scoreBlocks(q, k, mask, attrs);
    const values = keyHeads(v, attrs.kvHeads);
    const outputs = blocks.map(({ probabilities, keys, grouped }) =>
      grouped(matmul(flatten(probabilities), slice(values, 1, 0, keys))),
    );
    return [ungroupHeads(concat(outputs, 3))];
  },
  vjp({ inputs: [q, k, v, mask], outputs: [out], attrs, cotangents: [dy] }) {
    const { heads, kvHeads, scale } = attrs;
    const [keyTable, values] = [keyHeads(k, kvHeads), keyHeads(v, kvHeads)];
    const [gradient, output] = [groupedHeads(dy!, heads, kvHeads), groupedHeads(out, heads, kvHeads)];
    const delta = reduceSum(mul(gradient, output), [-1], true);
    const parts = scoreBlocks(q, k, mask, attrs).map(
      ({ probabilities, query, start, end, keys, grouped }) => {
        const dOut = flatten(slice(gradient, 3, start, end));
        const dProbabilities = matmul(dOut, slice(values, 1, 0, keys), { transB: true });
        const centred = sub(reshape(dProbabilities, probabilities.shape), slice(delta, 3, start, end));
        const dScores = flatten(mul(probabilities, centred));
        return {
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
    ];
  },
});

export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, options: AttentionOptions): Tensor {
  return apply1(attentionOp, [q, k, v, mask], { ...options });
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
  /** Views a [B·K, G·C, n] tensor as [B, K, G, C, n]. */
  readonly grouped: (x: Tensor) => Tensor;
}

function scoreBlocks(q: Tensor, k: Tensor, mask: Tensor, attrs: AttentionAttrs): ScoreBlock[] {
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
    blocks.push({ start, end, keys, query, grouped, probabilities: softmax(add(grouped(scores), spread)) });
  }
  return blocks;
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
