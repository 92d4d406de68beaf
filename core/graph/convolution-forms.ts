/** Convolution and its adjoints as they need each other: with attributes in hand, not options. */
import { convTransposeOp } from './ops/conv-transpose.js';
import { convolutionOp } from './ops/convolution.js';
import { apply1, type Shape, type Tensor } from './tensor.js';

export type ConvolutionAttrs = {
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
  groups: number;
};
export type ConvTransposeAttrs = ConvolutionAttrs & { outputPadding: readonly number[] };

export function convolveWith(x: Tensor, weight: Tensor, attrs: ConvolutionAttrs): Tensor {
  const { stride, padding, dilation, groups } = attrs;
  return apply1(convolutionOp, [x, weight], { stride, padding, dilation, groups });
}

/** The adjoint in x of the convolution that takes `spatial` to where `dy` is. */
export function convTransposeTo(spatial: Shape, dy: Tensor, weight: Tensor, attrs: ConvolutionAttrs): Tensor {
  const { stride, padding, dilation, groups } = attrs;
  const [places, kernel] = [dy.shape.slice(2), weight.shape.slice(2)];
  const tight = { stride, padding, dilation, groups, outputPadding: kernel.map(() => 0) };
  const least = spatialOf(places, kernel, tight);
  const outputPadding = spatial.map((size, i) => size - least[i]);
  return apply1(convTransposeOp, [dy, weight], { ...tight, outputPadding });
}

/** The size that a transposed convolution makes of `places`. */
export function spatialOf(places: Shape, kernel: Shape, attrs: ConvTransposeAttrs): number[] {
  const { stride, padding, dilation, outputPadding } = attrs;
  return places.map(
    (count, i) =>
      (count - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1 + outputPadding[i],
  );
}
