import type { Node } from 'swift-ts/graph';
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
