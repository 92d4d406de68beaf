/** Convolutions and pools in TensorFlow.js kernels, which see images [B, H, W, C] and leave padding to others. */
import type { Node } from 'swift-ts/graph';
import { call, reshape, type TfKernel } from './kernel.js';
import type { Tf, TfTensor } from './library.js';

interface WindowAttrs {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

export const visionKernels: readonly (readonly [string, TfKernel])[] = [
  [
    'convolution',
    {
      uses: ['Conv2D', 'PadV2', 'Transpose', 'Add'],
      accepts: ({ attrs }) => attrs.groups === 1,
      run: (tf, [x, weight, bias], { stride, padding, dilation }: WindowAttrs, node) => {
        const [out, channels, ...kernel] = weight.shape;
        const filter = transpose(tf, reshape(tf, weight, [out, channels, ...plane(kernel)]), [2, 3, 1, 0]);
        const y = call(
          tf,
          'Conv2D',
          { x: toImage(tf, x, padding, 0), filter },
          { strides: plane(stride), dilations: plane(dilation), pad: 'valid', dataFormat: 'NHWC' },
        );
        return fromImage(tf, bias ? call(tf, 'Add', { a: y, b: bias }) : y, node);
      },
    },
  ],
  ['maxPool', pool('MaxPool', -Infinity)],
  ['avgPool', pool('AvgPool', 0)],
];

function pool(kernel: string, outside: number): TfKernel {
  return {
    uses: [kernel, 'PadV2', 'Transpose'],
    accepts: ({ attrs }) => (attrs.dilation as readonly number[]).every((step) => step === 1),
    run: (tf, [x], attrs: WindowAttrs, node) => {
      const image = toImage(tf, x, attrs.padding, outside);
      const sizes = { filterSize: plane(attrs.kernel), strides: plane(attrs.stride), pad: 'valid' };
      return fromImage(tf, call(tf, kernel, { x: image }, sizes), node);
    },
  };
}

/** The numbers of a plane from those of a line, which is one pixel high, or of a plane. */
function plane(spatial: readonly number[], high = 1): number[] {
  return spatial.length === 1 ? [high, ...spatial] : [...spatial];
}

/** [B, C, ...spatial] -> [B, H, W, C], padded. */
function toImage(tf: Tf, x: TfTensor, padding: readonly number[], value: number): TfTensor {
  const [batch, channels, ...spatial] = x.shape;
  const image = transpose(tf, reshape(tf, x, [batch, channels, ...plane(spatial)]), [0, 2, 3, 1]);
  if (padding.every((count) => count === 0)) return image;
  const paddings = [0, ...plane(padding, 0), 0].map((count) => [count, count]);
  return call(tf, 'PadV2', { x: image }, { paddings, constantValue: value });
}

function fromImage(tf: Tf, image: TfTensor, node: Node): TfTensor {
  return reshape(tf, transpose(tf, image, [0, 3, 1, 2]), node.outputs[0].shape);
}

function transpose(tf: Tf, x: TfTensor, perm: readonly number[]): TfTensor {
  return call(tf, 'Transpose', { x }, { perm });
}
