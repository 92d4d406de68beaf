import type { Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { greaterEqual } from './greater-equal.js';
import { where } from './where.js';

/** x within [low, high]. Nothing flows back where x is cut. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  const below = where(greaterEqual(x, scalar(high)), scalar(high), x);
  return where(greaterEqual(scalar(low), below), scalar(low), below);
}
