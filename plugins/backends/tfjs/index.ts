import type { Graph } from 'swift-ts/graph';
import { backend, type Backend, type CompileOptions, type Executable } from 'swift-ts/plugin';
import { lowerFor } from '../_lower-for.js';
import { TfjsExecutable } from './executable.js';
import { kernels } from './kernels.js';
import { loadLibrary, type Library } from './library.js';

/** TensorFlow.js: CUDA or native CPU kernels where tfjs-node is installed, else WebAssembly, else plain JavaScript. */
@backend({ id: 'tfjs', summary: 'TensorFlow.js: tfjs-node-gpu, tfjs-node, wasm or cpu, what is installed' })
export class TfjsBackend implements Backend {
  private library?: Promise<Library>;

  async compile(graph: Graph, { constants = new Map() }: CompileOptions = {}): Promise<Executable> {
    const library = await this.load();
    const lowered = lowerFor(`tfjs (${library.variant})`, graph, (node) => {
      const kernel = kernels.get(node.op.name);
      if (!kernel || kernel.accepts?.(node) === false) return false;
      return kernel.uses.every((name) => library.tf.getKernel(name, library.backend));
    });
    return new TfjsExecutable(library, lowered, constants);
  }

  async describe(): Promise<string> {
    const { tf, variant, passedOver } = await this.load();
    const device = {
      'node-gpu': tf.backend().isUsingGpuDevice
        ? 'tfjs-node-gpu, on the GPU'
        : 'tfjs-node-gpu, on the CPU: TensorFlow finds no GPU it can use',
      node: 'tfjs-node, native CPU kernels',
      wasm: 'wasm, WebAssembly kernels on one thread',
      cpu: 'cpu, plain JavaScript kernels',
    }[variant];
    return [`tfjs ${tf.version_core}: ${device}`, ...passedOver].join('; ');
  }

  private load(): Promise<Library> {
    return (this.library ??= loadLibrary());
  }
}
