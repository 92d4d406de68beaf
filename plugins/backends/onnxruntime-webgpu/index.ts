import { add, input, makeGraph, type Graph } from 'swift-ts/graph';
import { backend, SwiftError, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { OnnxSessions } from '../_onnx/sessions.js';
import { isNative, lowerings } from './lowerings.js';

/** ONNX Runtime's WebGPU kernels. */
@backend({ id: 'onnxruntime-webgpu', summary: 'ONNX Runtime, WebGPU kernels' })
export class OnnxRuntimeWebgpuBackend implements Backend {
  private readonly sessions = new OnnxSessions({
    id: 'onnxruntime-webgpu',
    options: () => ({
      executionProviders: ['webgpu'],
      graphOptimizationLevel: 'disabled',
      enableMemPattern: false,
      // A node without a WebGPU kernel is an error, not a silent detour over the CPU.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    }),
    opset: 21,
    lowerings,
    isNative,
    skipsReading: false,
  });

  async compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    if (!hasVulkan()) throw unavailable(undefined);
    return this.sessions.compile(graph, options).catch((error: unknown) => {
      throw isAdapterMissing(error) ? unavailable(error) : error;
    });
  }

  /** Only a session finds out whether there is an adapter. */
  async describe(): Promise<string> {
    const x = input([1]);
    await (await this.compile(makeGraph([x], [add(x, x)]))).release();
    return `${await this.sessions.version()} on WebGPU`;
  }
}

/** On Linux the kernels need Vulkan's loader; where it is missing, they would write a trace past any log. */
function hasVulkan(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    process.dlopen({ exports: {} } as NodeJS.Module, 'libvulkan.so.1');
  } catch (error) {
    // It loads, and is no module of Node's.
    return !String(error).includes('cannot open shared object file');
  }
  return true;
}

function isAdapterMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes('WebGPU adapter');
}

function unavailable(cause: unknown): SwiftError {
  return new SwiftError('BACKEND_UNAVAILABLE', 'backend onnxruntime-webgpu finds no WebGPU adapter', {
    cure: 'Install a Vulkan (or Direct3D 12, Metal) driver for the GPU, or take the CPU: --backend onnxruntime.',
    exitCode: 1,
    cause,
  });
}
