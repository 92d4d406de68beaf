/** What kinds of attention have in common: how queries and keys are placed, and what is seen of a cache. */
import {
  add,
  cast,
  div,
  greaterEqual,
  iota,
  log,
  MASKED,
  mul,
  reshape,
  rope,
  scalar,
  transpose,
  where,
  type Tensor,
} from '../graph/index.js';
import type { BlockContext, CachedContext, FullContext } from './causal-lm.js';
import type { DecoderTraits, LayerTraits } from './traits.js';

/** Queries or keys [B, T, H·hd], turned by their positions where the layer has any. */
export function turned(
  x: Tensor,
  heads: number,
  { cos, sin, position_ids }: BlockContext,
  { alibi, rope_interleaved: interleaved, embedding }: DecoderTraits,
  { rope: which }: LayerTraits,
): Tensor {
  if (alibi || which === null || embedding?.positions) return x;
  return rope(x, cos, sin, position_ids, { heads, interleaved });
}

/** Queries [B, T, H·hd], those further out larger where the layer asks for it. */
export function sharpened(q: Tensor, { position_ids }: BlockContext, { sharpening }: LayerTraits): Tensor {
  if (!sharpening) return q;
  const { beta, span, first = 0 } = sharpening;
  const steps = wholeParts(add(position_ids, scalar(first, 'int32')), span);
  const factors = add(mul(log(add(steps, scalar(1))), scalar(beta)), scalar(1));
  return mul(q, reshape(factors, [...factors.shape, 1]));
}

/** Whether no query of a whole context sees a later key. */
export function isCausal(
  { bidirectional, both_ways }: DecoderTraits,
  own: LayerTraits,
  { mask }: FullContext,
): boolean {
  // One mask for all rows, [T, T], shows no later positions: there are no media.
  return !bidirectional && !(both_ways && own.both_ways !== false && mask.shape.length === 3);
}

/** Which of the keys in a cache new positions see, those among them included: additive [B, T, capacity]. @param length T */
export function visibleKeys(
  { past, state: [{ shape }] }: CachedContext,
  length: number,
  { window, chunk }: LayerTraits,
): Tensor {
  const slots = iota(shape[2]);
  const positions = reshape(add(reshape(past, [shape[0], 1]), iota(length)), [shape[0], length, 1]);
  const hide = (visible: Tensor): Tensor => where(visible, scalar(0), scalar(MASKED));
  return [
    hide(greaterEqual(positions, slots)),
    ...(window ? [hide(greaterEqual(add(slots, scalar(window - 1, 'int32')), positions))] : []),
    ...(chunk
      ? [hide(greaterEqual(cast(slots, 'float32'), mul(wholeParts(positions, chunk), scalar(chunk))))]
      : []),
  ].reduce(add);
}

/** A cache of keys or values as attention reads them: [B, K, S, w] -> [B, S, K·w] */
export function cachedRows(cache: Tensor): Tensor {
  const [batch, heads, capacity, width] = cache.shape;
  return reshape(transpose(cache, [0, 2, 1, 3]), [batch, capacity, heads * width]);
}

/** ⌊positions / span⌋, float32. Positions are not negative, so that cutting off is rounding down. */
function wholeParts(positions: Tensor, span: number): Tensor {
  return cast(cast(div(cast(positions, 'float32'), scalar(span)), 'int32'), 'float32');
}
