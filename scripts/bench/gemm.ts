import type { Backend, Executable, HostTensor } from '../../core/contracts/backend.js';
import { input, makeGraph, matmul } from '../../core/graph/index.js';

/** Shapes whose best rate is the machine's peak: a layer's own product and a square one. */
const SHAPES = [
  [512, 576, 1536],
  [1024, 1024, 1024],
] as const;

/** Measures the float32 matrix-product rate of a backend, weights as inputs. */
export class GemmPeak {
  private constructor(
    private readonly products: readonly { run: Executable; data: HostTensor[]; flops: number }[],
  ) {}

  static async open(backend: Backend): Promise<GemmPeak> {
    const products = [];
    for (const [m, k, n] of SHAPES) {
      const [a, b] = [input([m, k]), input([n, k])];
      const run = await backend.compile(makeGraph([a, b], [matmul(a, b, { transB: true })]));
      products.push({ run, data: [operand(m, k), operand(n, k)], flops: 2 * m * k * n });
    }
    return new GemmPeak(products);
  }

  /** GFLOP/s, the best of a few runs of each shape. */
  async measure(): Promise<number> {
    let best = 0;
    for (const { run, data, flops } of this.products) {
      for (let i = 0; i < 6; i++) {
        const started = performance.now();
        await run.run(data);
        best = Math.max(best, flops / (performance.now() - started) / 1e6);
      }
    }
    return best;
  }
}

function operand(rows: number, columns: number): HostTensor {
  const data = Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);
  return { dtype: 'float32', shape: [rows, columns], data };
}
