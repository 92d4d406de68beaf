import type { Backend, HostTensor } from '../../../core/contracts/backend.js';
import { makeGraph, sizeOf, type Graph, type Node, type Tensor } from '../../../core/graph/index.js';
import { ReferenceBackend } from '../../../plugins/backends/reference/index.js';

export function floats(shape: readonly number[], values?: ArrayLike<number>): HostTensor {
  const data = values ? Float32Array.from(values) : ramp(sizeOf(shape));
  return { dtype: 'float32', shape, data };
}

/** Small numbers without pattern. */
function ramp(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + size) * 1.5);
}

export async function run(
  graph: Graph,
  inputs: readonly HostTensor[],
  backend: Backend = new ReferenceBackend(),
): Promise<HostTensor[]> {
  const executable = await backend.compile(graph);
  const outputs = await executable.run(inputs);
  await executable.release();
  return outputs;
}

/** The values of `outputs` where `inputs` hold the given numbers. */
export async function valuesOf(
  outputs: readonly Tensor[],
  given: ReadonlyMap<Tensor, readonly number[]>,
): Promise<number[][]> {
  const inputs = [...given].map(([{ shape }, values]) => floats(shape, values));
  const results = await run(makeGraph([...given.keys()], outputs), inputs);
  return results.map(({ data }) => [...data]);
}

export function opNames(nodes: readonly Node[]): string[] {
  return nodes.map(({ op }) => op.name);
}
