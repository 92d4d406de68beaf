import type * as Ort from 'onnxruntime-node';
import type { Graph, Node } from 'swift-ts/graph';
import { SwiftError, type CompileOptions, type Executable, type HostTensor } from 'swift-ts/plugin';
import { lowerFor, unsupported } from '../_lower-for.js';
import { toOnnx } from './emitter.js';
import type { Lowering } from './lowering.js';
import { encodeModel } from './model-proto.js';

/** What tells one backend on ONNX Runtime from another. */
export interface Dialect {
  /** The backend's id. */
  readonly id: string;
  readonly options: Ort.InferenceSession.SessionOptions;
  /** Version of ONNX that the models are in. */
  readonly opset: number;
  readonly lowerings: ReadonlyMap<string, Lowering>;
  /**
   * Whether a node is said directly; others are decomposed.
   * @param isConstant whether the values of its operands but the first are known
   */
  isNative(node: Node, isConstant: boolean): boolean;
}

/** Compiles graphs to sessions of ONNX Runtime: each is an in-memory ONNX model. */
export class OnnxSessions {
  private library?: Promise<typeof Ort>;

  constructor(private readonly dialect: Dialect) {}

  async compile(graph: Graph, { constants = new Map() }: CompileOptions = {}): Promise<Executable> {
    const ort = await this.load();
    const { id, options, opset, lowerings } = this.dialect;
    const isConstant = (node: Node): boolean => node.inputs.slice(1).every((tensor) => constants.has(tensor));
    const lowered = lowerFor(id, graph, (node) => this.dialect.isNative(node, isConstant(node)));
    const model = encodeModel(toOnnx(lowered, lowerings, constants), opset);
    const session = await ort.InferenceSession.create(model, options).catch((cause: unknown) => {
      throw unsupported(id, `refuses the graph: ${String(cause)}`, cause);
    });
    const fed = graph.inputs.flatMap((tensor, i) => (constants.has(tensor) ? [] : [`in${i}`]));
    return new OnnxExecutable(ort, session, fed, graph);
  }

  /** The library's name and version. */
  async version(): Promise<string> {
    const { env } = await this.load();
    return `onnxruntime ${env.versions.node ?? env.versions.common}`;
  }

  private load(): Promise<typeof Ort> {
    this.library ??= import('onnxruntime-node').then(
      (ort) => {
        ort.env.logLevel = 'error';
        return ort;
      },
      (cause: unknown) => {
        throw new SwiftError('BACKEND_UNAVAILABLE', `onnxruntime-node does not load: ${String(cause)}`, {
          cure: 'Reinstall dependencies (npm ci), or choose another backend: --backend tfjs.',
          exitCode: 1,
          cause,
        });
      },
    );
    return this.library;
  }
}

class OnnxExecutable implements Executable {
  private readonly outputNames: readonly string[];

  constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    private readonly inputNames: readonly string[],
    private readonly graph: Graph,
  ) {
    this.outputNames = graph.outputs.map((_, i) => `out${i}`);
  }

  async run(
    inputs: readonly HostTensor[],
    into: readonly (HostTensor | undefined)[] = [],
  ): Promise<HostTensor[]> {
    const feeds: Record<string, Ort.Tensor> = {};
    inputs.forEach((tensor, i) => (feeds[this.inputNames[i]] = this.toOrt(tensor)));
    const fetches: Record<string, Ort.Tensor | null> = {};
    this.outputNames.forEach((name, i) => {
      const target = into[i];
      fetches[name] = target ? this.toOrt(target) : null;
    });
    const results = await this.session.run(feeds, fetches);
    return this.graph.outputs.map(({ dtype, shape }, i) => {
      const target = into[i];
      if (target) return target;
      return { dtype, shape, data: results[this.outputNames[i]].data as HostTensor['data'] };
    });
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private toOrt({ dtype, data, shape }: HostTensor): Ort.Tensor {
    return new this.ort.Tensor(dtype, data as Float32Array, shape);
  }
}
