import type { Graph, Tensor } from 'swift-ts/graph';
import {
  backend,
  type Backend,
  type CompileOptions,
  type Executable,
  type HostTensor,
} from 'swift-ts/plugin';
import { bindInputs } from '../_bind-inputs.js';
import { lowerFor } from '../_lower-for.js';
import { kernels } from './kernels.js';

/** The oracle of the conformance suite: interprets a graph with plain loops. */
@backend({ id: 'reference', summary: 'plain loops in TypeScript: slow, the oracle of the tests' })
export class ReferenceBackend implements Backend {
  async compile(graph: Graph, { constants = new Map() }: CompileOptions = {}): Promise<Executable> {
    const lowered = lowerFor('reference', graph, (node) => kernels.has(node.op.name));
    return {
      run: async (inputs, into = []) => {
        const values = new Map<Tensor, HostTensor>(bindInputs(lowered, inputs, constants));
        for (const node of lowered.nodes) {
          const operands = node.inputs.map((tensor) => values.get(tensor)!);
          values.set(node.outputs[0], kernels.get(node.op.name)!(operands, node.attrs as never, node));
        }
        return lowered.outputs.map((tensor, i) => copyInto(values.get(tensor)!, into[i]));
      },
      release: async () => undefined,
    };
  }

  async describe(): Promise<string> {
    return 'reference: plain loops on one thread';
  }
}

function copyInto(value: HostTensor, target: HostTensor | undefined): HostTensor {
  if (!target) return value;
  target.data.set(value.data);
  return target;
}
