import { apply1, defineOp, sizeOf, type Tensor } from '../tensor.js';
import { each, fold, pooled, unfold, windowOf, type PerDimension, type Window } from '../window.js';
import { scalar } from './constant.js';
import { expand } from './expand.js';
import { mul } from './mul.js';
import { reduceMean } from './reduce-mean.js';
import { reshape } from './reshape.js';

export interface AvgPoolOptions {
  readonly stride?: PerDimension;
  readonly padding?: PerDimension;
}

/** Mean of each window over x [B, C, ...spatial]; padding counts as zeros (PyTorch's count_include_pad). */
export const avgPoolOp = defineOp<Window>({
  name: 'avgPool',
  infer: ([x], window) => [pooled('avgPool', x, window)],
  vjp({ inputs: [x], attrs: window, cotangents: [dy] }) {
    const [batch, channels, ...places] = dy!.shape;
    const taps = sizeOf(window.kernel);
    const share = reshape(mul(dy!, scalar(1 / taps)), [batch, channels, 1, ...places]);
    return [fold(expand(share, [batch, channels, taps, ...places]), x.shape, window)];
  },
  decompose: ([x], window) => [reduceMean(unfold(x, window), [2])],
});

function avgPool(x: Tensor, kernel: readonly number[], options: AvgPoolOptions): Tensor {
  return apply1(avgPoolOp, [x], windowOf(kernel, { stride: kernel, ...options }));
}

/** @param x [B, C, T]; the stride is the kernel's size unless given */
export function avgPool1d(x: Tensor, kernel: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool(x, each(kernel, 1), options);
}

/** @param x [B, C, H, W]; the stride is the kernel's size unless given */
export function avgPool2d(x: Tensor, kernel: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool(x, each(kernel, 2), options);
}
