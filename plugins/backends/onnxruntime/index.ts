import type * as Ort from 'onnxruntime-node';
import type { Graph } from 'swift-ts/graph';
import { backend, SwiftError, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { isNative, lowerings } from '../_onnx/lowerings.js';
import { OnnxSessions } from '../_onnx/sessions.js';

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
    extra: {
      session: { intra_op: { allow_spinning: '0' } },
      // What is computed twice is so on purpose: `lower` has merged the rest.
      optimization: { disable_specified_optimizers: 'CommonSubexpressionElimination' },
    },
  };
}

/** ONNX Runtime's native CPU kernels. */
@backend({ id: 'onnxruntime', summary: 'ONNX Runtime, native CPU kernels (default)' })
export class OnnxRuntimeBackend implements Backend {
  readonly mapsFiles = true;
  private readonly sessions = new OnnxSessions({
    id: 'onnxruntime',
    options: sessionOptions,
    // Opset 26 brings BitCast.
    opset: 26,
    lowerings,
    isNative,
    skipsReading: true,
  });

  async compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    return this.sessions.compile(graph, options);
  }

  async describe(): Promise<string> {
    return `${await this.sessions.version()} on CPU`;
  }
}
