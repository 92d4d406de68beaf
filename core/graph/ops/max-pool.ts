import { apply1, defineOp, type Tensor } from '../tensor.js';
import {
  each,
  fold,
  pooled,
  unfold,
  windowOf,
  type PerDimension,
  type Window,
  type WindowOptions,
} from '../window.js';
import { argmax } from './argmax.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { reduceMax } from './reduce-max.js';
import { reshape } from './reshape.js';
import { where } from './where.js';

/** Maximum of each window over x [B, C, ...spatial]. Of equal elements the first carries the derivative. */
export const maxPoolOp = defineOp<Window>({
  name: 'maxPool',
  infer: ([x], window) => [pooled('maxPool', x, window)],
  vjp({ inputs: [x], attrs: window, cotangents: [dy] }) {
    const taps = unfold(x, window, -Infinity);
    const count = taps.shape[2];
    const order = reshape(iota(count), [count, ...window.kernel.map(() => 1)]);
    const isFirst = equal(order, argmax(taps, 2));
    return [fold(where(isFirst, reshape(dy!, taps.shape.with(2, 1)), scalar(0)), x.shape, window)];
  },
  decompose: ([x], window) => [reduceMax(unfold(x, window, -Infinity), [2])],
});

/** @param x [B, C, H, W]; the stride is the kernel's size unless given */
export function maxPool2d(x: Tensor, kernel: PerDimension, options: WindowOptions = {}): Tensor {
  const size = each(kernel, 2);
  return apply1(maxPoolOp, [x], windowOf(size, { stride: size, ...options }));
}
