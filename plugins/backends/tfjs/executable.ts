import { formatSpec, sizeOf, type DType, type Graph, type Node, type Tensor } from 'swift-ts/graph';
import type { Executable, HostTensor } from 'swift-ts/plugin';
import { bindInputs } from '../_bind-inputs.js';
import { isNarrow, kernels, tfDType, toTfData } from './kernels.js';
import type { Library, TfData, TfTensor } from './library.js';

/** A lowered graph, interpreted node by node. */
export class TfjsExecutable implements Executable {
  /** Tensors whose last reader is the node. */
  private readonly finished: ReadonlyMap<Node, readonly Tensor[]>;

  constructor(
    private readonly library: Library,
    private readonly graph: Graph,
    private readonly constants: ReadonlyMap<Tensor, HostTensor>,
  ) {
    this.finished = lastReads(graph);
  }

  async run(
    inputs: readonly HostTensor[],
    into: readonly (HostTensor | undefined)[] = [],
  ): Promise<HostTensor[]> {
    const { tf, backend } = this.library;
    this.checkSizes(inputs);
    // Settles at once for a backend that has started; another one may have been in use since.
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
    const results: TfData[] = [];
    tf.tidy(() => {
      const values = this.compute(inputs);
      for (const output of this.graph.outputs) results.push(values(output).dataSync());
    });
    const borrowed = new Set(inputs.map(({ data }) => data.buffer));
    const outputs = this.graph.outputs.map(({ dtype, shape }, i): HostTensor => {
      const data = fromTfData(results[i], dtype);
      // Plain-JavaScript kernels may pass an input's own memory on.
      return { dtype, shape, data: borrowed.has(data.buffer) ? data.slice() : data };
    });
    return outputs.map((output, i) => {
      const target = into[i];
      target?.data.set(output.data);
      return target ?? output;
    });
  }

  async release(): Promise<void> {
    // A run leaves nothing behind.
  }

  /** The library checks nothing in production mode: a short input would be read past its end. */
  private checkSizes(inputs: readonly HostTensor[]): void {
    bindInputs(this.graph, inputs, this.constants).forEach(([tensor, { data }], i) => {
      if (data.length !== sizeOf(tensor.shape))
        throw new Error(`input ${i} has ${data.length} elements, the graph wants ${formatSpec(tensor)}`);
    });
  }

  /** Runs every node; tensors are freed after their last reader. */
  private compute(inputs: readonly HostTensor[]): (tensor: Tensor) => TfTensor {
    const { tf } = this.library;
    const values = new Map<Tensor, TfTensor>();
    const given = new Map(bindInputs(this.graph, inputs, this.constants));
    const valueOf = (tensor: Tensor): TfTensor => {
      let value = values.get(tensor);
      if (!value) {
        const { data, shape, dtype } = given.get(tensor)!;
        const own = isNarrow(dtype) ? toTfData(data, 'int32') : (data as TfData);
        values.set(tensor, (value = tf.tensor(own, shape, tfDType(dtype))));
      }
      return value;
    };
    for (const node of this.graph.nodes) {
      const operands = node.inputs.map(valueOf);
      const { run } = kernels.get(node.op.name)!;
      const results = [tf.tidy(() => run(tf, operands, node.attrs as never, node))].flat();
      node.outputs.forEach((output, i) => values.set(output, results[i]));
      for (const tensor of this.finished.get(node) ?? []) {
        values.get(tensor)!.dispose();
        values.delete(tensor);
      }
    }
    return valueOf;
  }
}

function lastReads({ nodes, outputs }: Graph): Map<Node, Tensor[]> {
  const last = new Map<Tensor, Node>();
  for (const node of nodes) for (const tensor of node.inputs) last.set(tensor, node);
  for (const output of outputs) last.delete(output);
  const finished = new Map<Node, Tensor[]>();
  for (const [tensor, node] of last) finished.set(node, [...(finished.get(node) ?? []), tensor]);
  return finished;
}

function fromTfData(data: TfData, dtype: DType): HostTensor['data'] {
  if (dtype === 'uint8') return new Uint8Array(data);
  if (dtype === 'int8') return new Int8Array(data);
  return dtype === 'uint16' ? new Uint16Array(data) : data;
}
