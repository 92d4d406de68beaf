import { requireFloat } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { each, fold, placesOf, unfold, windowOf, type PerDimension, type WindowOptions } from '../window.js';
import { argmax } from './argmax.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { reduceMax } from './reduce-max.js';
import { reshape } from './reshape.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

type MaxPoolAttrs = {
  kernel: readonly number[];
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
};

/** Maximum of each window over x [B, C, ...spatial]. Of equal elements the first carries the derivative. */
export const maxPoolOp = defineOp<MaxPoolAttrs>({
  name: 'maxPool',
  infer([x], window) {
    requireFloat('maxPool', x);
    const [batch, channels, ...spatial] = x.shape;
    const places = placesOf(spatial, window);
    const fits = spatial.length === window.kernel.length && places.every((count) => count > 0);
    if (!fits || window.padding.some((count, i) => 2 * count > window.kernel[i]))
      throw shapeError(
        'maxPool',
        `[B, C, ...spatial] that holds a kernel of [${window.kernel.join(', ')}], padded by half of it at most`,
        x,
      );
    return [{ shape: [batch, channels, ...places], dtype: 'float32' }];
  },
  vjp({ inputs: [x], attrs: window, cotangents: [dy] }) {
    const taps = unfold(x, window, -Infinity);
    const count = taps.shape[2];
    const axes = taps.shape.map((_, axis) => axis);
    const last = [...axes.filter((axis) => axis !== 2), 2];
    const places = taps.shape.with(2, 1);
    const first = reshape(argmax(transpose(taps, last)), places);
    const order = reshape(iota(count), [count, ...window.kernel.map(() => 1)]);
    return [fold(where(equal(order, first), reshape(dy!, places), scalar(0)), x.shape, window)];
  },
  decompose: ([x], window) => [reduceMax(unfold(x, window, -Infinity), [2])],
});

/** @param x [B, C, H, W]; the stride is the kernel's size unless given */
export function maxPool2d(x: Tensor, kernel: PerDimension, options: WindowOptions = {}): Tensor {
  const size = each(kernel, 2);
  return apply1(maxPoolOp, [x], { ...windowOf(size, { stride: size, ...options }) });
}
