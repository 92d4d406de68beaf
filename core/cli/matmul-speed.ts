import type { Backend, HostTensor } from '../contracts/backend.js';
import { input, makeGraph, matmul } from '../graph/index.js';

/** Rows and columns. Each size takes eight times as long as the one before. */
const SIZES = [64, 128, 256, 512, 1024];
/** A size is tried when one product of it should take at most so many seconds. */
const LONGEST = 0.5;
/** For the whole measurement. */
const SECONDS = 2;

export interface MatmulSpeed {
  readonly size: number;
  /** GFLOP/s. */
  readonly rate: number;
}

/** The best rate of a square float32 product within two seconds, at 1024 or the largest size the backend is quick enough for. */
export async function matmulSpeed(backend: Backend): Promise<MatmulSpeed> {
  const end = performance.now() + 1000 * SECONDS;
  let speed: MatmulSpeed | undefined;
  for (const size of SIZES) {
    if (speed && (2 * size ** 3) / speed.rate / 1e9 > LONGEST) break;
    speed = await bestRate(backend, size, size === SIZES.at(-1) ? end : 0);
  }
  // A slow backend stopped early: its last size gets the rest of the time.
  if (speed!.size !== SIZES.at(-1)) speed = await bestRate(backend, speed!.size, end);
  return speed!;
}

/** The best of at least two runs after the first, and of more until `end`, in milliseconds of `performance.now`. */
async function bestRate(backend: Backend, size: number, end: number): Promise<MatmulSpeed> {
  const [a, b] = [input([size, size]), input([size, size])];
  const product = await backend.compile(makeGraph([a, b], [matmul(a, b)]));
  const data = new Float32Array(size * size).fill(0.5);
  const operand: HostTensor = { dtype: 'float32', shape: [size, size], data };
  await product.run([operand, operand]);
  let best = Infinity;
  for (let runs = 0; runs < 2 || performance.now() < end; runs++) {
    const started = performance.now();
    await product.run([operand, operand]);
    best = Math.min(best, performance.now() - started);
  }
  await product.release();
  return { size, rate: (2 * size ** 3) / best / 1e6 };
}
