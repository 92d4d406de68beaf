import { groupedHeads, keyHeads, ungroupHeads } from '../heads.js';
import { isSpec } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { greaterEqual } from './greater-equal.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';
import { where } from './where.js';
import { zeros } from './full.js';

export interface CachedAttentionOptions {
  readonly heads: number;
  readonly kvHeads: number;
  readonly scale: number;
}

type CachedAttentionAttrs = { heads: number; kvHeads: number; scale: number };

const MASKED = -1e30;

/**
 * Causal attention against a key/value cache, for generation. q [B, T, H·hd], new keys and values [B, T, K·hd],
 * caches [B, K, S, hd], `past` int32 [B]: how many positions of each row's cache are filled. New keys land at
 * past … past + T − 1. Outputs: attention [B, T, H·hd] and both caches, which a backend may update in place.
 */
export const cachedAttentionOp = defineOp<CachedAttentionAttrs>({
  name: 'cachedAttention',
  infer([q, k, v, cachedK, cachedV, past], { heads, kvHeads }) {
    const [batch, length] = q.shape;
    const [, , capacity, width] = cachedK.shape;
    const fits =
      heads % kvHeads === 0 &&
      isSpec(q, 'float32', [batch, length, heads * width]) &&
      [k, v].every((fresh) => isSpec(fresh, 'float32', [batch, length, kvHeads * width])) &&
      [cachedK, cachedV].every((cache) => isSpec(cache, 'float32', [batch, kvHeads, capacity, width])) &&
      isSpec(past, 'int32', [batch]);
    if (!fits)
      throw shapeError(
        'cachedAttention',
        'q [B, T, H·hd], k, v [B, T, K·hd], two caches [B, K, S, hd] and int32 past [B]',
        ...[q, k, v, cachedK, cachedV, past],
      );
    return [q, cachedK, cachedV];
  },
  decompose([q, k, v, cachedK, cachedV, past], { heads, kvHeads, scale }) {
    const [batch, length] = q.shape;
    const [, , capacity, width] = cachedK.shape;
    const positions = add(reshape(past, [batch, 1]), iota(length));
    const slots = iota(capacity);

    const lands = cast(
      equal(reshape(slots, [1, capacity, 1]), reshape(positions, [batch, 1, length])),
      'float32',
    );
    const kept = sub(scalar(1), reshape(reduceSum(lands, [-1]), [batch, 1, capacity, 1]));
    const write = (cache: Tensor, fresh: Tensor): Tensor => {
      const split = reshape(keyHeads(fresh, kvHeads), [batch, kvHeads, length, width]);
      const spread = add(reshape(lands, [batch, 1, capacity, length]), zeros([batch, kvHeads, 1, 1]));
      return add(mul(cache, kept), matmul(spread, split));
    };
    const [keys, values] = [write(cachedK, k), write(cachedV, v)];

    const group = heads / kvHeads;
    const flat = (x: Tensor): Tensor => reshape(x, [batch * kvHeads, capacity, width]);
    const query = reshape(groupedHeads(q, heads, kvHeads), [batch * kvHeads, group * length, width]);
    const scores = matmul(query, flat(keys), { transB: true, alpha: scale });
    const visible = greaterEqual(reshape(positions, [batch, 1, 1, length, 1]), slots);
    const bias = where(visible, scalar(0), scalar(MASKED));
    const probabilities = softmax(add(reshape(scores, [batch, kvHeads, group, length, capacity]), bias));
    const flatProbabilities = reshape(probabilities, [batch * kvHeads, group * length, capacity]);
    const out = reshape(matmul(flatProbabilities, flat(values)), [batch, kvHeads, group, length, width]);
    return [ungroupHeads(out), keys, values];
  },
});

export function cachedAttention(
  inputs: { q: Tensor; k: Tensor; v: Tensor; cachedK: Tensor; cachedV: Tensor; past: Tensor },
  options: CachedAttentionOptions,
): { out: Tensor; cachedK: Tensor; cachedV: Tensor } {
  const { q, k, v, past } = inputs;
  const [out, cachedK, cachedV] = apply(cachedAttentionOp, [q, k, v, inputs.cachedK, inputs.cachedV, past], {
    ...options,
  });
  return { out, cachedK, cachedV };
}
