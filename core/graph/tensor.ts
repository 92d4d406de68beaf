/**
 * Symbolic tensors. A tensor knows its static shape, its dtype and the node that makes it; a graph is nothing
 * but the nodes reachable from its outputs, so tracing needs no recorder and dead code falls away by itself.
 */

/** `uint16` carries the bits of 16-bit floats, `int8` and `uint8` the codes of quantized weights. */
export type DType = 'float32' | 'int32' | 'uint8' | 'int8' | 'uint16' | 'bool';
export type Shape = readonly number[];
export type AttrValue = number | string | boolean | readonly number[] | Attrs;
export type Attrs = { readonly [name: string]: AttrValue | undefined };

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Tensor extends TensorSpec {
  readonly node: Node;
  /** Which output of `node` this is. */
  readonly index: number;
}

export interface Node {
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attrs: Attrs;
  readonly outputs: readonly Tensor[];
}

export interface VjpContext<A extends Attrs = Attrs> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attrs: A;
  /** Cotangent per output; undefined where nothing downstream depends on that output. */
  readonly cotangents: readonly (Tensor | undefined)[];
}

/** An operation: its shape rule, its reverse-mode rule, and how to say it in simpler operations. */
export interface Op<A extends Attrs = Attrs> {
  readonly name: string;
  /** `save`: dear to compute, so a forward pass may keep its outputs for backward. Default: recompute. */
  readonly residual?: 'save';
  /** Large and cheap: two equal uses are computed twice rather than held in memory in between. */
  readonly unshared?: boolean;
  /** Output shapes and dtypes. @throws Error naming the op and the shapes when they do not fit. */
  infer(inputs: readonly TensorSpec[], attrs: A): readonly TensorSpec[];
  /** Cotangent per input, undefined for inputs without one. Absent: the op is not differentiable. */
  vjp?(context: VjpContext<A>): readonly (Tensor | undefined)[];
  /** The same outputs from simpler ops. Absent: a primitive, which every backend implements. */
  decompose?(inputs: readonly Tensor[], attrs: A): readonly Tensor[];
}

/** Declares an op; its attribute type is known inside the op and erased outside. */
export function defineOp<A extends Attrs>(op: Op<A>): Op {
  return op as unknown as Op;
}

/** Applies an op to tensors and returns its outputs. */
export function apply(op: Op, inputs: readonly Tensor[], attrs: Attrs = {}): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const node: Node = { op, inputs, attrs, outputs };
  op.infer(inputs, attrs).forEach((spec, index) =>
    outputs.push({ shape: spec.shape, dtype: spec.dtype, node, index }),
  );
  return outputs;
}

/** Applies an op that has one output. */
export function apply1(op: Op, inputs: readonly Tensor[], attrs: Attrs = {}): Tensor {
  return apply(op, inputs, attrs)[0];
}

export const inputOp: Op = {
  name: 'input',
  infer: (_, attrs) => [{ shape: attrs.shape as Shape, dtype: attrs.dtype as DType }],
};

/** A graph input. Inputs are told apart by identity, never by name. */
export function input(shape: Shape, dtype: DType = 'float32'): Tensor {
  return apply1(inputOp, [], { shape, dtype });
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

export function formatSpec({ shape, dtype }: TensorSpec): string {
  return `${dtype}[${shape.join(', ')}]`;
}

/** A fault in how ops are put together: a bug in a model or op, not in a user's input. */
export function shapeError(op: string, expected: string, ...got: readonly TensorSpec[]): Error {
  return new Error(`${op}: expected ${expected}, got ${got.map(formatSpec).join(' and ')}`);
}
