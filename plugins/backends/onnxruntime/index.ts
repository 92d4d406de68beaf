import type * as Ort from 'onnxruntime-node';
import type { Graph, Node } from 'swift-ts/graph';
import {
  backend,
  SwiftError,
  type Backend,
  type CompileOptions,
  type Executable,
  type HostTensor,
} from 'swift-ts/plugin';
import { lowerFor, unsupported } from '../_lower-for.js';
import { isNative } from './lowerings.js';
import { encodeModel } from './model-proto.js';
import { toOnnx } from './emitter.js';

/** Session settings measured to be best for many small sessions taking turns (docs/adr/0001). */
const SESSION_OPTIONS: Ort.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'basic',
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** ONNX Runtime's native CPU kernels: a compiled graph is an in-memory ONNX model. */
@backend({ id: 'onnxruntime', summary: 'ONNX Runtime, native CPU kernels (default)' })
export class OnnxRuntimeBackend implements Backend {
  private library?: Promise<typeof Ort>;

  async compile(graph: Graph, { constants = new Map() }: CompileOptions = {}): Promise<Executable> {
    const ort = await this.load();
    const isConstant = (node: Node): boolean => node.inputs.slice(1).every((tensor) => constants.has(tensor));
    const lowered = lowerFor('onnxruntime', graph, (node) => isNative(node, isConstant(node)));
    const model = encodeModel(toOnnx(lowered, constants));
    const session = await ort.InferenceSession.create(model, SESSION_OPTIONS).catch((cause: unknown) => {
      throw unsupported('onnxruntime', `refuses the graph: ${String(cause)}`, cause);
    });
    const fed = graph.inputs.flatMap((tensor, i) => (constants.has(tensor) ? [] : [`in${i}`]));
    return new OnnxExecutable(ort, session, fed, graph);
  }

  async describe(): Promise<string> {
    const ort = await this.load();
    return `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common} on CPU`;
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
