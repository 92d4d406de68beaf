/** Picking, ordering and padding in TensorFlow.js kernels. */
import type { Attrs } from 'swift-ts/graph';
import { call, reshape, type TfKernel } from './kernel.js';
import type { TfTensor } from './library.js';

export const indexKernels: readonly (readonly [string, TfKernel])[] = [
  [
    'topK',
    {
      uses: ['TopK'],
      // The kernel knows the largest only.
      accepts: ({ attrs }) => attrs.largest === true,
      run: (tf, [x], { k }: Attrs) =>
        tf.engine().runKernel('TopK', { x }, { k, sorted: true }) as readonly TfTensor[],
    },
  ],
  [
    'argmax',
    {
      uses: ['ArgMax'],
      run: (tf, [x], { axis }: Attrs, node) => {
        const found = call(tf, 'ArgMax', { x }, { axis });
        return reshape(tf, found, node.outputs[0].shape);
      },
    },
  ],
  [
    'cumsum',
    {
      uses: ['Cumsum'],
      run: (tf, [x], { axis, reverse }: Attrs) =>
        call(tf, 'Cumsum', { x }, { axis, reverse, exclusive: false }),
    },
  ],
  [
    'pad',
    {
      uses: ['PadV2'],
      run: (tf, [x], { before, after, value }: PadAttrs) => {
        const paddings = before.map((count, axis) => [count, after[axis]]);
        return call(tf, 'PadV2', { x }, { paddings, constantValue: value });
      },
    },
  ],
];

interface PadAttrs {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}
