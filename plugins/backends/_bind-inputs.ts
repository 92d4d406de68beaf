import type { Graph, HostTensor, Tensor } from 'swift-ts/graph';

/** Pairs a graph's inputs with values, for backends that interpret: constants where they are, the rest in order. */
export function bindInputs(
  { inputs }: Graph,
  given: readonly HostTensor[],
  constants: ReadonlyMap<Tensor, HostTensor>,
): [Tensor, HostTensor][] {
  let next = 0;
  return inputs.map((tensor) => [tensor, constants.get(tensor) ?? given[next++]]);
}
