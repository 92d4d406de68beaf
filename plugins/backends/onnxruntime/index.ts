import type * as Ort from 'onnxruntime-node';
import type { Graph } from 'swift-ts/graph';
import {
  argument,
  backend,
  SwiftError,
  type Backend,
  type CompileOptions,
  type Executable,
  type ValuesOf,
} from 'swift-ts/plugin';
import { isNative, lowerings } from '../_onnx/lowerings.js';
import { OnnxSessions } from '../_onnx/sessions.js';

const backendArguments = {
  threads: argument.optionalInt({
    min: 1,
    help: 'threads of one operation',
    derived: 'SWIFT_THREADS where it is set, else one per core',
  }),
} as const;

type BackendOptions = ValuesOf<typeof backendArguments>;

/**
 * Session settings measured to be best for many small sessions taking turns (docs/adr/0001).
 * @param asked threads of one operation; one per physical core when neither it nor SWIFT_THREADS says
 */
function sessionOptions(asked: number | null): Ort.InferenceSession.SessionOptions {
  const threads = asked === null ? process.env.SWIFT_THREADS : String(asked);
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
@backend({
  id: 'onnxruntime',
  summary: 'ONNX Runtime, native CPU kernels (default)',
  arguments: backendArguments,
})
export class OnnxRuntimeBackend implements Backend<BackendOptions> {
  readonly mapsFiles = true;
  private threads: number | null = null;
  private readonly sessions = new OnnxSessions({
    id: 'onnxruntime',
    options: () => sessionOptions(this.threads),
    // Opset 26 brings BitCast.
    opset: 26,
    lowerings,
    isNative,
    skipsReading: true,
  });

  configure({ threads }: BackendOptions): void {
    this.threads = threads;
  }

  async compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    return this.sessions.compile(graph, options);
  }

  async describe(): Promise<string> {
    return `${await this.sessions.version()} on CPU`;
  }
}
