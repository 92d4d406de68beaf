/** The forms that most lowerings have. */
import type { Attrs, Node } from 'swift-ts/graph';
import type { Emitter } from './emitter.js';
import type { OnnxNode } from './model-proto.js';

/** Says one node in ONNX. */
export type Lowering = (emitter: Emitter, node: Node, attrs: never) => void;

/** One node, operands and results as they come. */
export function direct(
  type: string,
  attributes?: OnnxNode['attributes'],
  domain?: 'com.microsoft',
): Lowering {
  return (emitter, node) =>
    emitter.emit({
      type,
      attributes,
      domain,
      inputs: operands(emitter, node),
      outputs: results(emitter, node),
    });
}

export function operands(emitter: Emitter, node: Node): string[] {
  return node.inputs.map((tensor) => emitter.nameOf(tensor));
}

export function results(emitter: Emitter, node: Node): string[] {
  return node.outputs.map((tensor) => emitter.nameOf(tensor));
}

/** Operands, then constant int64 lists. */
export function withLists(type: string, lists: (attrs: Attrs) => readonly (readonly number[])[]): Lowering {
  return (emitter, node, attrs) =>
    emitter.emit({
      type,
      inputs: [...operands(emitter, node), ...lists(attrs).map((list) => emitter.constant(list, 'int64'))],
      outputs: results(emitter, node),
    });
}

export function reduction(type: string): Lowering {
  return (emitter, node, { axes, keepDims }: { axes: readonly number[]; keepDims: boolean }) =>
    emitter.emit({
      type,
      inputs: [...operands(emitter, node), emitter.constant(axes, 'int64')],
      outputs: results(emitter, node),
      attributes: { keepdims: keepDims ? 1 : 0 },
    });
}

/** One node whose attributes follow from the op's. */
export function attributed(type: string, attributes: (attrs: Attrs) => OnnxNode['attributes']): Lowering {
  return (emitter, node, attrs) => direct(type, attributes(attrs))(emitter, node, attrs);
}
