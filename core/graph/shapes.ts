import { sameShape, shapeError, type DType, type Shape, type TensorSpec } from './tensor.js';

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

/** The result of arithmetic on two operands. @throws Error unless both are float32 or both int32, and broadcast */
export function arithmetic(op: string, a: TensorSpec, b: TensorSpec): TensorSpec {
  if (a.dtype !== b.dtype || !isNumeric(a)) throw shapeError(op, 'two operands of float32 or of int32', a, b);
  return { shape: broadcast(op, a, b), dtype: a.dtype };
}

/** @throws Error unless `operands` are float32 */
export function requireFloat(op: string, ...operands: readonly TensorSpec[]): void {
  if (operands.some(({ dtype }) => dtype !== 'float32')) throw shapeError(op, 'float32', ...operands);
}

/** The result of a float32 function of each element. */
export function floatLike(op: string, x: TensorSpec): TensorSpec {
  requireFloat(op, x);
  return x;
}

/** The result of a float32 function along the last axis. */
export function floatRows(op: string, x: TensorSpec): TensorSpec {
  if (x.dtype !== 'float32' || x.shape.length === 0) throw shapeError(op, 'float32 with a last axis', x);
  return x;
}

/** Whether an operand has this dtype and shape. */
export function isSpec({ dtype, shape }: TensorSpec, wantedType: DType, wantedShape: Shape): boolean {
  return dtype === wantedType && sameShape(shape, wantedShape);
}

export function isNumeric({ dtype }: TensorSpec): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

/** The result of folding `axes` (front-counted). @throws Error unless they are axes of `x`, each once */
export function reduced(op: string, x: TensorSpec, axes: readonly number[], keepDims: boolean): TensorSpec {
  const fits = axes.every((axis) => axis in x.shape) && new Set(axes).size === axes.length;
  if (!fits || !isNumeric(x)) throw shapeError(op, `numbers with axes ${axes.join(', ')}, each once`, x);
  return { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype };
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
