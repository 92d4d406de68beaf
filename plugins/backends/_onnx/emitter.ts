import { basename } from 'node:path';
import type { DType, Graph, HostTensor, Shape, Tensor } from 'swift-ts/graph';
import type { FilePlace } from 'swift-ts/plugin';
import {
  ONNX_TYPES,
  SEQUENCE,
  type OnnxBranch,
  type OnnxInitializer,
  type OnnxInput,
  type OnnxModel,
  type OnnxNode,
} from './model-proto.js';
import type { Lowering } from './lowering.js';

/**
 * An output that no JavaScript binding can read, declared first. onnxruntime-node copies every output into a new
 * ArrayBuffer, also those it has just written to memory of ours; for a block's residuals that costs more than all its
 * elementwise kernels. It converts outputs in order and gives up at the first that is no tensor, when all are computed.
 */
export const UNREAD = 'unread';

export interface ModelForm {
  readonly lowerings: ReadonlyMap<string, Lowering>;
  /** Inputs whose values go into the model. */
  readonly constants: ReadonlyMap<Tensor, HostTensor>;
  /** Inputs whose values stay in files. */
  readonly mapped: ReadonlyMap<Tensor, FilePlace>;
  /** Whether the model has the output UNREAD. */
  readonly skipsReading: boolean;
}

/** Collects the ONNX form of one graph. */
export class Emitter {
  private nodes: OnnxNode[] = [];
  private readonly initializers = new Map<string, OnnxInitializer>();
  private readonly names = new Map<Tensor, string>();
  private readonly inputs = new Map<string, OnnxInput>();
  private fresh = 0;

  constructor(private readonly form: ModelForm) {}

  nameOf(tensor: Tensor): string {
    let name = this.names.get(tensor);
    if (!name) {
      const held = this.form.constants.get(tensor);
      if (held) name = this.initializer(held.data, held.dtype, held.shape);
      else name = this.form.mapped.has(tensor) ? this.mapped(tensor) : this.freshName();
      this.names.set(tensor, name);
    }
    return name;
  }

  /** Gives a tensor the name of a value that is there already. */
  alias(tensor: Tensor, name: string): void {
    this.names.set(tensor, name);
  }

  /**
   * Gives a tensor the values of an input from element `start` on: another input over the same memory, not a copy.
   * @returns whether `of` is an input that is fed
   */
  view(tensor: Tensor, of: Tensor, start: number): boolean {
    const whole = this.inputs.get(this.nameOf(of));
    if (!whole) return false;
    const own = { ...this.typed(tensor), source: whole.source, start: whole.start + start };
    const name = `in${own.source}:${own.start}:${own.shape.join('x')}`;
    this.inputs.set(name, { name, ...own });
    this.alias(tensor, name);
    return true;
  }

  freshName(): string {
    return `t${this.fresh++}`;
  }

  emit(node: OnnxNode): void {
    this.nodes.push(node);
  }

  /** Emits a node with one new output and returns its name. */
  value(
    type: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
    domain?: OnnxNode['domain'],
  ): string {
    const name = this.freshName();
    this.emit({ type, inputs, outputs: [name], attributes, domain });
    return name;
  }

  /** Emits a node with `count` new outputs and returns their names. */
  values(
    type: string,
    count: number,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
  ): string[] {
    const names = Array.from({ length: count }, () => this.freshName());
    this.emit({ type, inputs, outputs: names, attributes });
    return names;
  }

  /** Emits a choice made at run time: only one of the branches, each of which emits and names a value, is computed. */
  choose(condition: string, then: () => string, otherwise: () => string): string {
    return this.value('If', [condition], {
      then_branch: { graph: this.apart(then) },
      else_branch: { graph: this.apart(otherwise) },
    });
  }

  /** What `body` emits, kept apart from the nodes around it. */
  private apart(body: () => string): OnnxBranch {
    const around = this.nodes;
    this.nodes = [];
    const output = body();
    const branch = { nodes: this.nodes, output };
    this.nodes = around;
    return branch;
  }

  /** A constant; equal constants are one initializer. */
  constant(values: readonly number[], dtype: DType | 'int64', shape: Shape = [values.length]): string {
    const name = `c:${dtype}:${shape.join('x')}:${values.map((value) => (Object.is(value, -0) ? '-0' : value)).join(',')}`;
    if (!this.initializers.has(name)) {
      this.initializers.set(name, { name, type: ONNX_TYPES[dtype], shape, values: toBytes(values, dtype) });
    }
    return name;
  }

  /** Values as they are, of any size. */
  initializer(data: HostTensor['data'], dtype: DType, shape: Shape): string {
    const name = this.freshName();
    const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.set(name, { name, type: ONNX_TYPES[dtype], shape, values });
    return name;
  }

  private mapped(tensor: Tensor): string {
    const name = this.freshName();
    const { path, position, bytes } = this.form.mapped.get(tensor)!;
    const values = { location: basename(path), offset: position, length: bytes };
    this.initializers.set(name, { name, ...this.typed(tensor), values });
    return name;
  }

  /** The value of an input that never changes. */
  constantOf(tensor: Tensor): HostTensor | undefined {
    return this.form.constants.get(tensor);
  }

  finish(graph: Graph): OnnxModel {
    const fed = graph.inputs.filter(
      (tensor) => !this.form.constants.has(tensor) && !this.form.mapped.has(tensor),
    );
    fed.forEach((tensor, source) => {
      const name = `in${source}`;
      this.names.set(tensor, name);
      this.inputs.set(name, { name, ...this.typed(tensor), source, start: 0 });
    });
    const isInput = new Set(graph.inputs);
    const claimed = new Set<Tensor>();
    graph.outputs.forEach((tensor, i) => {
      if (isInput.has(tensor) || claimed.has(tensor)) return;
      claimed.add(tensor);
      this.names.set(tensor, `out${i}`);
    });
    for (const node of graph.nodes) this.form.lowerings.get(node.op.name)!(this, node, node.attrs as never);
    // An output that is an input, or listed twice, needs a node of its own to carry its name. Reshape takes every dtype.
    graph.outputs.forEach((tensor, i) => {
      if (this.nameOf(tensor) !== `out${i}`)
        this.emit({
          type: 'Reshape',
          inputs: [this.nameOf(tensor), this.constant(tensor.shape, 'int64')],
          outputs: [`out${i}`],
        });
    });
    const { skipsReading } = this.form;
    if (skipsReading)
      this.emit({
        type: 'SequenceEmpty',
        inputs: [],
        outputs: [UNREAD],
        attributes: { dtype: ONNX_TYPES.float32 },
      });
    return {
      nodes: this.nodes,
      initializers: [...this.initializers.values()],
      inputs: [...this.inputs.values()],
      outputs: [
        ...(skipsReading ? [{ name: UNREAD, type: SEQUENCE, shape: [] }] : []),
        ...graph.outputs.map((tensor, i) => ({ name: `out${i}`, ...this.typed(tensor) })),
      ],
    };
  }

  private typed({ dtype, shape }: Tensor): { type: number; shape: Shape } {
    return { type: ONNX_TYPES[dtype], shape };
  }
}

export function toOnnx(graph: Graph, form: ModelForm): OnnxModel {
  return new Emitter(form).finish(graph);
}

function toBytes(values: readonly number[], dtype: DType | 'int64'): Uint8Array {
  const array = {
    float32: () => new Float32Array(values),
    int32: () => new Int32Array(values),
    int64: () => new BigInt64Array(values.map(BigInt)),
    uint8: () => new Uint8Array(values),
    int8: () => new Int8Array(values),
    uint16: () => new Uint16Array(values),
    bool: () => new Uint8Array(values),
  }[dtype]();
  return new Uint8Array(array.buffer);
}
