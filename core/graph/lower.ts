import { makeGraph, topologicalOrder, type Graph } from './graph.js';
import { nodeKey } from './structure.js';
import { apply, type Node, type Tensor } from './tensor.js';

/**
 * Says a graph in the ops a backend has: an op it lacks becomes its decomposition, equal subexpressions become one.
 * Merging never reaches across executables, so it cannot undo recomputation between forward and backward.
 * @param supports whether the backend implements this node natively
 * @throws UnsupportedOp when a primitive is missing
 */
export function lower(graph: Graph, supports: (node: Node) => boolean): Graph {
  /** Nodes in their final form, numbered. */
  const numbers = new Map<Node, number>(graph.inputs.map((tensor, i) => [tensor.node, i]));
  /** Final tensor of each tensor lowered so far. */
  const lowered = new Map<Tensor, Tensor>();
  const merged = new Map<string, readonly Tensor[]>();
  const isDone = (node: Node): boolean => numbers.has(node) || lowered.has(node.outputs[0]);
  const resolve = (tensor: Tensor): Tensor => (numbers.has(tensor.node) ? tensor : lowered.get(tensor)!);

  const lowerAll = (outputs: readonly Tensor[]): readonly Tensor[] => {
    for (const node of topologicalOrder(outputs, isDone)) {
      const result = lowerNode({ ...node, inputs: node.inputs.map(resolve) });
      node.outputs.forEach((output, i) => lowered.set(output, result[i]));
    }
    return outputs.map(resolve);
  };

  const lowerNode = (node: Node): readonly Tensor[] => {
    if (!supports(node)) {
      if (!node.op.decompose) throw new UnsupportedOp(node);
      return lowerAll(node.op.decompose(node.inputs, node.attrs));
    }
    const key = nodeKey(node, (tensor) => numbers.get(tensor.node)!);
    const held = merged.get(key);
    if (held && !node.op.unshared) return held;
    const outputs = apply(node.op, node.inputs, node.attrs);
    numbers.set(outputs[0].node, numbers.size);
    merged.set(key, outputs);
    return outputs;
  };

  return makeGraph(graph.inputs, lowerAll(graph.outputs));
}

/** A primitive that the backend does not implement. */
export class UnsupportedOp extends Error {
  constructor(readonly node: Node) {
    super(`op '${node.op.name}' has neither a native form nor a decomposition here`);
  }
}
