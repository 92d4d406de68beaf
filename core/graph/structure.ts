import type { Graph } from './graph.js';
import { formatSpec, type Node, type Tensor } from './tensor.js';

/**
 * A text equal for two graphs exactly when they compute the same function of their inputs: ops, attributes, wiring,
 * shapes and dtypes, in order. Identical layers share it, and with it one compiled executable.
 */
export function structuralKey(graph: Graph): string {
  const numbers = new Map<Node, number>();
  const numberOf = (tensor: Tensor): number => numbers.get(tensor.node)!;
  const lines = graph.inputs.map((tensor, i) => {
    numbers.set(tensor.node, i);
    return formatSpec(tensor);
  });
  for (const node of graph.nodes) {
    lines.push(nodeKey(node, numberOf));
    numbers.set(node, numbers.size);
  }
  lines.push(graph.outputs.map((tensor) => `${numberOf(tensor)}.${tensor.index}`).join(' '));
  return lines.join('\n');
}

/** One node as text, its inputs named by `numberOf` their producers. */
export function nodeKey(node: Node, numberOf: (tensor: Tensor) => number): string {
  const inputs = node.inputs.map((tensor) => `${numberOf(tensor)}.${tensor.index}`).join(' ');
  return `${node.op.name} ${inputs} ${JSON.stringify(node.attrs, exactly)}`;
}

/** JSON has no word for infinities, NaN and the sign of zero. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : `number ${Object.is(value, -0) ? '-0' : value}`;
}
