import { reshape, slice, type Tensor } from 'swift-ts/graph';

/** The weights of all experts, one by one: [E, ...] -> E times [...]. */
export function unstack(stack: Tensor): Tensor[] {
  const [count, ...shape] = stack.shape;
  return Array.from({ length: count }, (_, i) => reshape(slice(stack, 0, i, i + 1), shape));
}
