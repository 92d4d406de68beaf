import type { DType, Graph, Shape } from '../graph/index.js';

export type HostData = Float32Array | Int32Array | Uint8Array;

/** A tensor in main memory, row-major. `bool` is kept as 0/1 bytes. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostData;
}

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

/** What runs graphs: one numeric library behind one interface. */
export interface Backend {
  /** @throws SwiftError BACKEND_UNAVAILABLE, UNSUPPORTED_OP, UNSUPPORTED_DTYPE */
  compile(graph: Graph): Promise<Executable>;
  /** The device in use and why it was chosen, for logs and `swift doctor`. @throws SwiftError BACKEND_UNAVAILABLE */
  describe(): Promise<string>;
}

export interface BackendMeta {
  readonly id: string;
  readonly summary: string;
}
