import { inputOp, type Node, type Tensor } from './tensor.js';

/** A pure function: everything its outputs need, with its inputs in calling order. */
export interface Graph {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Non-input nodes, each after the nodes it reads. */
  readonly nodes: readonly Node[];
}

/** Closes a graph over its outputs. @throws Error when an output depends on an input not listed, or listed twice. */
export function makeGraph(inputs: readonly Tensor[], outputs: readonly Tensor[]): Graph {
  const known = new Set<Node>();
  inputs.forEach(({ node }, i) => {
    if (node.op !== inputOp) throw new Error(`graph input ${i} is an output of '${node.op.name}'`);
    if (known.has(node)) throw new Error(`graph input ${i} is listed before`);
    known.add(node);
  });
  const nodes = topologicalOrder(outputs).filter((node) => node.op !== inputOp || !known.has(node));
  const stray = nodes.find((node) => node.op === inputOp);
  if (stray) throw new Error(`graph depends on an input that is not listed: ${JSON.stringify(stray.attrs)}`);
  return { inputs, outputs, nodes };
}

/**
 * Every node reachable from `outputs`, producers first, going no further than nodes where `stop` holds (they are
 * left out). Iterative: graphs can be deep.
 */
export function topologicalOrder(outputs: readonly Tensor[], stop: (node: Node) => boolean = never): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const output of outputs) {
    if (done.has(output.node) || stop(output.node)) continue;
    done.add(output.node);
    stack.push({ node: output.node, next: 0 });
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      if (frame.next < frame.node.inputs.length) {
        const producer = frame.node.inputs[frame.next++].node;
        if (!done.has(producer) && !stop(producer)) {
          done.add(producer);
          stack.push({ node: producer, next: 0 });
        }
      } else {
        order.push(frame.node);
        stack.pop();
      }
    }
  }
  return order;
}

function never(): boolean {
  return false;
}
