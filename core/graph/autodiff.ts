import { topologicalOrder } from './graph.js';
import { add } from './ops/add.js';
import { zeros } from './ops/full.js';
import { formatSpec, sameShape, type Node, type Tensor } from './tensor.js';

/**
 * Reverse-mode differentiation. Given cotangents of `outputs`, builds the cotangents of `wrt`.
 * Only nodes on a path from `wrt` to `outputs` are visited; tensors of `wrt` that no output depends on get zeros.
 */
export function vjp(
  outputs: readonly Tensor[],
  cotangents: readonly Tensor[],
  wrt: readonly Tensor[],
): Tensor[] {
  const order = topologicalOrder(outputs);
  const active = activeNodes(order, wrt);
  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor): void => {
    if (!sameShape(tensor.shape, gradient.shape)) {
      throw new Error(
        `vjp of ${tensor.node.op.name} output ${formatSpec(tensor)} received a cotangent ${formatSpec(gradient)}`,
      );
    }
    const held = gradients.get(tensor);
    gradients.set(tensor, held ? add(held, gradient) : gradient);
  };

  outputs.forEach((output, i) => accumulate(output, cotangents[i]));
  for (const node of order.reverse()) {
    if (!active.has(node) || !node.outputs.some((output) => gradients.has(output))) continue;
    if (wrt.some((tensor) => tensor.node === node) && !node.inputs.some((i) => active.has(i.node))) continue;
    const { op, inputs, outputs, attrs } = node;
    if (!op.vjp) throw new Error(`${op.name} is not differentiable`);
    const own = op.vjp({ inputs, outputs, attrs, cotangents: outputs.map((o) => gradients.get(o)) });
    inputs.forEach((tensor, i) => {
      const gradient = own[i];
      if (gradient && active.has(tensor.node)) accumulate(tensor, gradient);
    });
  }
  return wrt.map((tensor) => gradients.get(tensor) ?? zeros(tensor.shape));
}

/** Nodes that depend on a tensor of `wrt`, the producers of `wrt` included. */
function activeNodes(order: readonly Node[], wrt: readonly Tensor[]): Set<Node> {
  const active = new Set(wrt.map((tensor) => tensor.node));
  for (const node of order) {
    if (node.inputs.some((tensor) => active.has(tensor.node))) active.add(node);
  }
  return active;
}
