import { topologicalOrder } from './graph.js';
import { apply, type Tensor } from './tensor.js';

/** Rebuilds `outputs` with every tensor in `replacements` exchanged; untouched parts are shared, not copied. */
export function substitute(
  outputs: readonly Tensor[],
  replacements: ReadonlyMap<Tensor, Tensor>,
): readonly Tensor[] {
  const now = new Map<Tensor, Tensor>(replacements);
  const resolve = (tensor: Tensor): Tensor => now.get(tensor) ?? tensor;
  for (const node of topologicalOrder(outputs)) {
    if (node.outputs.every((output) => replacements.has(output))) continue;
    const inputs = node.inputs.map(resolve);
    if (inputs.every((tensor, i) => tensor === node.inputs[i])) continue;
    const rebuilt = apply(node.op, inputs, node.attrs);
    node.outputs.forEach((output, i) => {
      if (!replacements.has(output)) now.set(output, rebuilt[i]);
    });
  }
  return outputs.map(resolve);
}
