import type { Graph } from 'swift-ts/graph';
import { backend, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { OnnxSessions } from '../_onnx/sessions.js';
import { isNative, lowerings } from './lowerings.js';

/** ONNX Runtime's WebGPU kernels. */
@backend({ id: 'onnxruntime-webgpu', summary: 'ONNX Runtime, WebGPU kernels' })
export class OnnxRuntimeWebgpuBackend implements Backend {
  private readonly sessions = new OnnxSessions({
    id: 'onnxruntime-webgpu',
    options: {
      executionProviders: ['webgpu'],
      graphOptimizationLevel: 'basic',
      enableMemPattern: false,
      // A node without a WebGPU kernel is an error, not a silent detour over the CPU.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    },
    opset: 21,
    lowerings,
    isNative,
  });

  compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    return this.sessions.compile(graph, options);
  }

  async describe(): Promise<string> {
    return `${await this.sessions.version()} on WebGPU`;
  }
}
