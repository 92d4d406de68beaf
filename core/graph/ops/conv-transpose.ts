import { convolveWith, spatialOf, type ConvTransposeAttrs } from '../convolution-forms.js';
import { requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { each, fold, fromGroupRows, placesOf, toGroupRows, windowOf, type PerDimension } from '../window.js';
import { add } from './add.js';
import type { ConvolutionOptions } from './convolution.js';
import { convolutionWeight } from './convolution-weight.js';
import { matmul } from './matmul.js';
import { reshape } from './reshape.js';

export interface ConvTransposeOptions extends ConvolutionOptions {
  /** Elements added behind, to choose among the sizes that the forward convolution takes to this one. */
  readonly outputPadding?: PerDimension;
}

/**
 * Transposed convolution (torch.nn.functional.conv_transpose1d, conv_transpose2d): the adjoint of a convolution in x.
 * x [B, C, ...places], weight [C, O/groups, ...kernel] -> [B, O, ...spatial].
 */
export const convTransposeOp = defineOp<ConvTransposeAttrs>({
  name: 'convTranspose',
  residual: 'save',
  infer([x, weight], attrs) {
    requireFloat('convTranspose', x, weight);
    const [[batch, channels, ...places], [rows, perGroup, ...kernel]] = [x.shape, weight.shape];
    const spatial = spatialOf(places, kernel, attrs);
    const fits =
      places.length > 0 &&
      x.shape.length === weight.shape.length &&
      attrs.stride.length === kernel.length &&
      channels === rows &&
      channels % attrs.groups === 0 &&
      // A larger outputPadding belongs to another number of places.
      sameShape(placesOf(spatial, { kernel, ...attrs }), places);
    if (!fits)
      throw shapeError(
        'convTranspose',
        'x [B, C, ...places], weight [C, O/groups, ...kernel], outputPadding below the stride',
        x,
        weight,
      );
    return [{ shape: [batch, perGroup * attrs.groups, ...spatial], dtype: 'float32' }];
  },
  vjp({ inputs: [x, weight], attrs, cotangents: [dy] }) {
    const { groups, ...rest } = attrs;
    const window = { kernel: weight.shape.slice(2), ...rest };
    return [convolveWith(dy!, weight, attrs), convolutionWeight(dy!, x, window, groups)];
  },
  decompose([x, weight], attrs) {
    const [[batch, channels, ...places], [, perGroup, ...kernel]] = [x.shape, weight.shape];
    const { groups } = attrs;
    const width = perGroup * sizeOf(kernel);
    const rows = toGroupRows(x, groups, channels / groups);
    const product = matmul(rows, reshape(weight, [groups, channels / groups, width]));
    const taps = fromGroupRows(product, [batch, groups * perGroup, sizeOf(kernel), ...places]);
    const shape = [batch, groups * perGroup, ...spatialOf(places, kernel, attrs)];
    return [fold(taps, shape, { kernel, ...attrs })];
  },
});

function convTranspose(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const kernel = weight.shape.slice(2);
  const { stride, padding, dilation } = windowOf(kernel, options);
  const outputPadding = each(options.outputPadding ?? 0, kernel.length);
  const attrs = { stride, padding, dilation, outputPadding, groups: options.groups ?? 1 };
  const y = apply1(convTransposeOp, [x, weight], attrs);
  return bias ? add(y, reshape(bias, [y.shape[1], ...kernel.map(() => 1)])) : y;
}

/** @param x [B, C, T]; weight [C, O/groups, K]; bias [O] */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options?: ConvTransposeOptions,
): Tensor {
  return convTranspose(x, weight, bias, options);
}

/** @param x [B, C, H, W]; weight [C, O/groups, KH, KW]; bias [O] */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options?: ConvTransposeOptions,
): Tensor {
  return convTranspose(x, weight, bias, options);
}
