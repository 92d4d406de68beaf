import type { Graph } from 'swift-ts/graph';
import {
  argument,
  backend,
  type Backend,
  type CompileOptions,
  type Executable,
  type ValuesOf,
} from 'swift-ts/plugin';
import { lowerFor } from '../_lower-for.js';
import { TfjsExecutable } from './executable.js';
import { kernels } from './kernels.js';
import { loadLibrary, VARIANTS, type Library } from './library.js';

const backendArguments = {
  tfjs_variant: argument.choice(['AUTO', ...VARIANTS], {
    default: 'AUTO',
    help: 'which TensorFlow.js computes; AUTO takes what SWIFT_TFJS names, else the best that is installed',
  }),
} as const;

type BackendOptions = ValuesOf<typeof backendArguments>;

/** TensorFlow.js: CUDA or native CPU kernels where tfjs-node is installed, else WebAssembly, else plain JavaScript. */
@backend({
  id: 'tfjs',
  summary: 'TensorFlow.js: tfjs-node-gpu, tfjs-node, wasm or cpu, what is installed',
  arguments: backendArguments,
})
export class TfjsBackend implements Backend<BackendOptions> {
  private library?: Promise<Library>;
  private variant: BackendOptions['tfjs_variant'] = 'AUTO';

  configure({ tfjs_variant }: BackendOptions): void {
    this.variant = tfjs_variant;
  }

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
    return (this.library ??= loadLibrary(this.variant === 'AUTO' ? undefined : this.variant));
  }
}
