import { convolveWith, convTransposeTo, type ConvolutionAttrs } from '../convolution-forms.js';
import { requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { placesOf, toGroupRows, unfold, type Window } from '../window.js';
import { matmul } from './matmul.js';
import { reshape } from './reshape.js';

type ConvolutionWeightAttrs = ConvolutionAttrs & { kernel: readonly number[] };

/**
 * The cotangent of a convolution's weight: how x [B, C, ...spatial], as the window slides, goes with
 * dy [B, O, ...places]. Output [O, C/groups, ...kernel].
 */
export const convolutionWeightOp = defineOp<ConvolutionWeightAttrs>({
  name: 'convolutionWeight',
  residual: 'save',
  infer([x, dy], { groups, ...window }) {
    requireFloat('convolutionWeight', x, dy);
    const [[batch, channels, ...spatial], [rows, out, ...places]] = [x.shape, dy.shape];
    const fits = batch === rows && channels % groups === 0 && out % groups === 0;
    if (!fits || !sameShape(places, placesOf(spatial, window)))
      throw shapeError('convolutionWeight', 'x [B, C, ...spatial] and dy [B, O, ...places]', x, dy);
    return [{ shape: [out, channels / groups, ...window.kernel], dtype: 'float32' }];
  },
  vjp({ inputs: [x, dy], attrs, cotangents: [dWeight] }) {
    return [convTransposeTo(x.shape.slice(2), dy, dWeight!, attrs), convolveWith(x, dWeight!, attrs)];
  },
  decompose([x, dy], { groups, ...window }) {
    const [out, perGroup] = [dy.shape[1], x.shape[1] / groups];
    const seen = toGroupRows(unfold(x, window), groups, perGroup * sizeOf(window.kernel));
    const product = matmul(toGroupRows(dy, groups, out / groups), seen, { transA: true });
    return [reshape(product, [out, perGroup, ...window.kernel])];
  },
});

export function convolutionWeight(x: Tensor, dy: Tensor, window: Window, groups: number): Tensor {
  const { kernel, stride, padding, dilation } = window;
  return apply1(convolutionWeightOp, [x, dy], { kernel, stride, padding, dilation, groups });
}
