import type { Graph } from 'swift-ts/graph';
import { backend, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { isNative, lowerings } from '../_onnx/lowerings.js';
import { OnnxSessions } from '../_onnx/sessions.js';

/** ONNX Runtime's native CPU kernels. */
@backend({ id: 'onnxruntime', summary: 'ONNX Runtime, native CPU kernels (default)' })
export class OnnxRuntimeBackend implements Backend {
  private readonly sessions = new OnnxSessions({
    id: 'onnxruntime',
    // Measured to be best for many small sessions taking turns (docs/adr/0001).
    options: {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'basic',
      enableMemPattern: false,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    },
    // Opset 26 brings BitCast.
    opset: 26,
    lowerings,
    isNative,
    skipsReading: true,
  });

  compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    return this.sessions.compile(graph, options);
  }

  async describe(): Promise<string> {
    return `${await this.sessions.version()} on CPU`;
  }
}
