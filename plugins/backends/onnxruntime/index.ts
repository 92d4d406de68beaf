import type * as Ort from 'onnxruntime-node';
import type { Graph, Node } from 'swift-ts/graph';
import { backend, SwiftError, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { lowerFor, unsupported } from '../_lower-for.js';
import { isNative } from './lowerings.js';
import { encodeModel } from './model-proto.js';
import { toOnnx } from './emitter.js';
import { OnnxExecutable } from './executable.js';

/**
 * Session settings measured to be best for many small sessions taking turns (docs/adr/0001).
 * @param threads of one operation, as text; one per physical core when absent
 */
function sessionOptions(threads = process.env.SWIFT_THREADS): Ort.InferenceSession.SessionOptions {
  if (threads !== undefined && !/^[1-9]\d*$/.test(threads)) {
    throw new SwiftError('BAD_ARGUMENT', `SWIFT_THREADS=${threads} is no number of threads`, {
      cure: 'Give a whole number from 1 on, or unset it: one thread per core.',
    });
  }
  return {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'basic',
    enableMemPattern: false,
    ...(threads === undefined ? {} : { intraOpNumThreads: Number(threads) }),
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/** ONNX Runtime's native CPU kernels: a compiled graph is an in-memory ONNX model. */
@backend({ id: 'onnxruntime', summary: 'ONNX Runtime, native CPU kernels (default)' })
export class OnnxRuntimeBackend implements Backend {
  private library?: Promise<typeof Ort>;

  async compile(graph: Graph, { constants = new Map() }: CompileOptions = {}): Promise<Executable> {
    const ort = await this.load();
    const isConstant = (node: Node): boolean => node.inputs.slice(1).every((tensor) => constants.has(tensor));
    const lowered = lowerFor('onnxruntime', graph, (node) => isNative(node, isConstant(node)));
    const model = encodeModel(toOnnx(lowered, constants));
    const options = sessionOptions();
    const session = await ort.InferenceSession.create(model, options).catch((cause: unknown) => {
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
