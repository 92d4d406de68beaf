import { shapeError, type Shape, type TensorSpec } from './tensor.js';

/** NumPy broadcasting of two shapes. */
export function broadcast(op: string, a: TensorSpec, b: TensorSpec): Shape {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a.shape[i - rank + a.shape.length] ?? 1;
    const y = b.shape[i - rank + b.shape.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw shapeError(op, 'shapes that broadcast', a, b);
    return x === 1 ? y : x;
  });
}

/** `axis` counted from the front. */
export function normalizeAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The shape after reducing `axes` (front-counted). */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
    : shape.filter((_, i) => !axes.includes(i));
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}
