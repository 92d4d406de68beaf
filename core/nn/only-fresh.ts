import { add, cast, greaterEqual, iota, mul, reshape, scalar, type Tensor } from '../graph/index.js';
import type { BlockContext } from './causal-lm.js';

/** Steps of 0 where a position is padding: they neither decay a state nor add to it. delta [B, T, ...] */
export function onlyFresh(delta: Tensor, context: BlockContext): Tensor {
  if (context.kind === 'full') return delta;
  const [batch, length] = delta.shape;
  const last = add(reshape(context.fresh, [batch, 1]), scalar(-1, 'int32'));
  const isFresh = cast(greaterEqual(last, iota(length)), 'float32');
  return mul(delta, reshape(isFresh, [batch, length, 1]));
}
