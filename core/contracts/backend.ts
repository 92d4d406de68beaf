import type { Graph, HostTensor, Tensor } from '../graph/index.js';
import type { FilePlace } from '../nn/parameter.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';

export type { HostData, HostTensor } from '../graph/index.js';
export type { FilePlace } from '../nn/parameter.js';

/** A compiled graph. */
export interface Executable {
  /**
   * Runs the graph once.
   * @param inputs in the graph's order; shapes and dtypes as traced
   * @param into memory to write an output to; it may be an input's own, for caches updated in place
   * @returns the outputs in order; entry i is `into[i]` where given
   */
  run(inputs: readonly HostTensor[], into?: readonly (HostTensor | undefined)[]): Promise<HostTensor[]>;
  release(): Promise<void>;
}

export interface CompileOptions {
  /**
   * Inputs whose values never change, e.g. a layer's weights while generating. The backend may keep them in a form of
   * its own; `run` is given only the other inputs.
   */
  readonly constants?: ReadonlyMap<Tensor, HostTensor>;
  /** Inputs whose values never change and lie in a file, in float32; for a backend with `mapsFiles`. */
  readonly mapped?: ReadonlyMap<Tensor, FilePlace>;
  /** Give working memory back after each run rather than keep it for the next: a few percent slower, less memory. */
  readonly frugal?: boolean;
}

/**
 * What runs graphs: one numeric library behind one interface. `Options` are the values of the arguments that its
 * decorator declares.
 */
export interface Backend<Options = PluginOptions> {
  /** Told the values of its arguments, once, before anything else is asked of it. */
  configure?(options: Options): void;
  /** @throws SwiftError BACKEND_UNAVAILABLE, UNSUPPORTED_OP, UNSUPPORTED_DTYPE */
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
  /** Whether it maps files of weights into memory, rather than be given what they hold. */
  readonly mapsFiles?: boolean;
  /** The device in use and why it was chosen, for logs and `swift doctor`. @throws SwiftError BACKEND_UNAVAILABLE */
  describe(): Promise<string>;
}

export type BackendMeta = PluginMeta;
