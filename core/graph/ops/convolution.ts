import { convTransposeTo, type ConvolutionAttrs } from '../convolution-forms.js';
import { requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, sizeOf, type Tensor } from '../tensor.js';
import {
  fromGroupRows,
  placesOf,
  toGroupRows,
  unfold,
  windowOf,
  type Window,
  type WindowOptions,
} from '../window.js';
import { add } from './add.js';
import { convolutionWeight } from './convolution-weight.js';
import { matmul } from './matmul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';

export interface ConvolutionOptions extends WindowOptions {
  readonly groups?: number;
}

/**
 * Cross-correlation over one or two spatial dimensions (torch.nn.functional.conv1d, conv2d).
 * x [B, C, ...spatial], weight [O, C/groups, ...kernel], optional bias [O] -> [B, O, ...places].
 */
export const convolutionOp = defineOp<ConvolutionAttrs>({
  name: 'convolution',
  residual: 'save',
  infer([x, weight, ...bias], attrs) {
    requireFloat('convolution', x, weight, ...bias);
    const [[batch, channels, ...spatial], [out, perGroup, ...kernel]] = [x.shape, weight.shape];
    const places = placesOf(spatial, { kernel, ...attrs });
    const fits =
      spatial.length > 0 &&
      x.shape.length === weight.shape.length &&
      attrs.stride.length === kernel.length &&
      channels === perGroup * attrs.groups &&
      out % attrs.groups === 0 &&
      places.every((count) => count > 0) &&
      bias.every(({ shape }) => sameShape(shape, [out]));
    if (!fits)
      throw shapeError(
        'convolution',
        `x [B, C, ...spatial], weight [O, C/${attrs.groups}, ...kernel] that fits in it, bias [O]`,
        x,
        weight,
        ...bias,
      );
    return [{ shape: [batch, out, ...places], dtype: 'float32' }];
  },
  vjp({ inputs: [x, weight, bias], attrs, cotangents: [dy] }) {
    const { groups, ...rest } = attrs;
    const window: Window = { kernel: weight.shape.slice(2), ...rest };
    return [
      convTransposeTo(x.shape.slice(2), dy!, weight, attrs),
      convolutionWeight(x, dy!, window, groups),
      bias && reduceSum(dy!, [0, ...x.shape.slice(2).map((_, i) => i + 2)]),
    ];
  },
  decompose([x, weight, bias], { groups, ...rest }) {
    const [out, perGroup, ...kernel] = weight.shape;
    const window: Window = { kernel, ...rest };
    const width = perGroup * sizeOf(kernel);
    const rows = toGroupRows(unfold(x, window), groups, width);
    const product = matmul(rows, reshape(weight, [groups, out / groups, width]), { transB: true });
    const y = fromGroupRows(product, [x.shape[0], out, ...placesOf(x.shape.slice(2), window)]);
    return [bias ? add(y, reshape(bias, [out, ...kernel.map(() => 1)])) : y];
  },
});

function convolve(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride, padding, dilation } = windowOf(weight.shape.slice(2), options);
  const attrs = { stride, padding, dilation, groups: options.groups ?? 1 };
  return apply1(convolutionOp, bias ? [x, weight, bias] : [x, weight], attrs);
}

/** @param x [B, C, T]; weight [O, C/groups, K]; bias [O] */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor, options?: ConvolutionOptions): Tensor {
  return convolve(x, weight, bias, options);
}

/** @param x [B, C, H, W]; weight [O, C/groups, KH, KW]; bias [O] */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options?: ConvolutionOptions): Tensor {
  return convolve(x, weight, bias, options);
}
