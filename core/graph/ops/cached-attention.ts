import { MASKED, scoreBias } from '../score-bias.js';
import { groupedHeads, keyHeads, ungroupHeads } from '../heads.js';
import { isSpec } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { softmaxWithSinks, type ScoreAttrs, type ScoreOptions } from './attention.js';
import { cast } from './cast.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { greaterEqual } from './greater-equal.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { softcap } from './softcap.js';
import { sub } from './sub.js';
import { where } from './where.js';
import { zeros } from './full.js';

export interface CachedAttentionOptions extends ScoreOptions {
  /** A query sees this many positions up to its own; all earlier ones when absent. */
  readonly window?: number;
}

export type CachedAttentionAttrs = ScoreAttrs & { window?: number };

/**
 * Causal attention against a key/value cache, for generation. q [B, T, H·hd], new keys [B, T, K·hd] and values
 * [B, T, K·w], caches [B, K, S, hd] and [B, K, S, w], `past` int32 [B]: how many positions of each row's cache are
 * filled; `sinks` [H] as in `attention`. New keys land at past … past + T − 1. Outputs: attention [B, T, H·w] and both
 * caches, which a backend may update in place.
 */
export const cachedAttentionOp = defineOp<CachedAttentionAttrs>({
  name: 'cachedAttention',
  infer([q, k, v, cachedK, cachedV, past, ...sinks], { heads, kvHeads }) {
    const [batch, length] = q.shape;
    const [, , capacity, width] = cachedK.shape;
    const valueWidth = cachedV.shape[3];
    const fits =
      heads % kvHeads === 0 &&
      isSpec(q, 'float32', [batch, length, heads * width]) &&
      isSpec(k, 'float32', [batch, length, kvHeads * width]) &&
      isSpec(v, 'float32', [batch, length, kvHeads * valueWidth]) &&
      isSpec(cachedK, 'float32', [batch, kvHeads, capacity, width]) &&
      isSpec(cachedV, 'float32', [batch, kvHeads, capacity, valueWidth]) &&
      sinks.every((sink) => isSpec(sink, 'float32', [heads])) &&
      isSpec(past, 'int32', [batch]);
    if (!fits)
      throw shapeError(
        'cachedAttention',
        'q [B, T, H·hd], k [B, T, K·hd], v [B, T, K·w], caches [B, K, S, hd] and [B, K, S, w], int32 past [B], sinks [H]',
        ...[q, k, v, cachedK, cachedV, past, ...sinks],
      );
    return [{ shape: [batch, length, heads * valueWidth], dtype: 'float32' }, cachedK, cachedV];
  },
  decompose([q, k, v, cachedK, cachedV, past, sinks], attrs) {
    const { heads, kvHeads, scale, window, softcap: cap } = attrs;
    const [batch, length] = q.shape;
    const capacity = cachedK.shape[2];
    const positions = add(reshape(past, [batch, 1]), iota(length));
    const slots = iota(capacity);

    const lands = cast(
      equal(reshape(slots, [1, capacity, 1]), reshape(positions, [batch, 1, length])),
      'float32',
    );
    const kept = sub(scalar(1), reshape(reduceSum(lands, [-1]), [batch, 1, capacity, 1]));
    const write = (cache: Tensor, fresh: Tensor): Tensor => {
      const split = reshape(keyHeads(fresh, kvHeads), [batch, kvHeads, length, cache.shape[3]]);
      const spread = add(reshape(lands, [batch, 1, capacity, length]), zeros([batch, kvHeads, 1, 1]));
      return add(mul(cache, kept), matmul(spread, split));
    };
    const [keys, values] = [write(cachedK, k), write(cachedV, v)];

    const group = heads / kvHeads;
    const flat = (x: Tensor): Tensor => reshape(x, [batch * kvHeads, capacity, x.shape[3]]);
    const query = reshape(groupedHeads(q, heads, kvHeads), [batch * kvHeads, group * length, keys.shape[3]]);
    const products = matmul(query, flat(keys), { transB: true, alpha: scale });
    const scores = reshape(products, [batch, kvHeads, group, length, capacity]);
    const bent = cap ? softcap(scores, cap) : scores;
    const own = reshape(positions, [batch, 1, 1, length, 1]);
    const headBias = scoreBias(own, { keys: capacity, kvHeads }, attrs);
    const hide = (visible: Tensor): Tensor => where(visible, scalar(0), scalar(MASKED));
    const biases = [
      hide(greaterEqual(own, slots)),
      ...(window ? [hide(greaterEqual(add(slots, scalar(window - 1, 'int32')), own))] : []),
      ...(headBias ? [headBias] : []),
    ];
    const { probabilities } = softmaxWithSinks(biases.reduce(add, bent), sinks);
    const flatProbabilities = reshape(probabilities, [batch * kvHeads, group * length, capacity]);
    const out = matmul(flatProbabilities, flat(values));
    return [ungroupHeads(reshape(out, [batch, kvHeads, group, length, values.shape[3]])), keys, values];
  },
});

export interface CachedOperands {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly cachedK: Tensor;
  readonly cachedV: Tensor;
  readonly past: Tensor;
  readonly sinks?: Tensor;
}

export function cachedAttention(
  { q, k, v, cachedK, cachedV, past, sinks }: CachedOperands,
  options: CachedAttentionOptions,
): { out: Tensor; cachedK: Tensor; cachedV: Tensor } {
  const operands = [q, k, v, cachedK, cachedV, past, ...(sinks ? [sinks] : [])];
  const [out, keys, values] = apply(cachedAttentionOp, operands, { ...options });
  return { out, cachedK: keys, cachedV: values };
}
