import type { Node, Shape } from 'swift-ts/graph';
import type { Tf, TfTensor } from './library.js';

export interface TfKernel {
  /** TensorFlow.js kernels it calls, which the chosen library must have. */
  readonly uses: readonly string[];
  /** Which uses of the op it can compute. Default: all. */
  readonly accepts?: (node: Node) => boolean;
  /** The output, or all of them. */
  readonly run: (
    tf: Tf,
    inputs: readonly TfTensor[],
    attrs: never,
    node: Node,
  ) => TfTensor | readonly TfTensor[];
}

/** Runs a kernel that has one output. */
export function call(
  tf: Tf,
  kernel: string,
  inputs: Readonly<Record<string, TfTensor>> | readonly TfTensor[],
  attributes?: object,
): TfTensor {
  return tf.engine().runKernel(kernel, inputs, attributes) as TfTensor;
}

export function reshape(tf: Tf, x: TfTensor, shape: Shape): TfTensor {
  return call(tf, 'Reshape', { x }, { shape });
}
