import { requireFloat } from '../shapes.js';
import { apply1, defineOp, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { each, fold, placesOf, unfold, windowOf, type PerDimension } from '../window.js';
import { scalar } from './constant.js';
import { expand } from './expand.js';
import { mul } from './mul.js';
import { reduceMean } from './reduce-mean.js';
import { reshape } from './reshape.js';

export interface AvgPoolOptions {
  readonly stride?: PerDimension;
  readonly padding?: PerDimension;
}

type AvgPoolAttrs = {
  kernel: readonly number[];
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
};

/** Mean of each window over x [B, C, ...spatial]; padding counts as zeros (PyTorch's count_include_pad). */
export const avgPoolOp = defineOp<AvgPoolAttrs>({
  name: 'avgPool',
  infer([x], window) {
    requireFloat('avgPool', x);
    const [batch, channels, ...spatial] = x.shape;
    const places = placesOf(spatial, window);
    const fits = spatial.length === window.kernel.length && places.every((count) => count > 0);
    if (!fits || window.padding.some((count, i) => 2 * count > window.kernel[i]))
      throw shapeError(
        'avgPool',
        `[B, C, ...spatial] that holds a kernel of [${window.kernel.join(', ')}], padded by half of it at most`,
        x,
      );
    return [{ shape: [batch, channels, ...places], dtype: 'float32' }];
  },
  vjp({ inputs: [x], attrs: window, cotangents: [dy] }) {
    const [batch, channels, ...places] = dy!.shape;
    const taps = sizeOf(window.kernel);
    const share = reshape(mul(dy!, scalar(1 / taps)), [batch, channels, 1, ...places]);
    return [fold(expand(share, [batch, channels, taps, ...places]), x.shape, window)];
  },
  decompose: ([x], window) => [reduceMean(unfold(x, window), [2])],
});

function avgPool(x: Tensor, kernel: readonly number[], options: AvgPoolOptions): Tensor {
  return apply1(avgPoolOp, [x], { ...windowOf(kernel, { stride: kernel, ...options }) });
}

/** @param x [B, C, T]; the stride is the kernel's size unless given */
export function avgPool1d(x: Tensor, kernel: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool(x, each(kernel, 1), options);
}

/** @param x [B, C, H, W]; the stride is the kernel's size unless given */
export function avgPool2d(x: Tensor, kernel: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool(x, each(kernel, 2), options);
}
