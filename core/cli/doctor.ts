import { cpus, totalmem } from 'node:os';
import { input, makeGraph, matmul } from '../graph/index.js';
import type { Backend, HostTensor } from '../contracts/backend.js';
import { isSwiftError } from '../errors.js';
import { createServices } from '../sdk/services.js';
import { TerminalLog } from './terminal.js';
import { noArguments } from './no-arguments.js';
import { packageVersion } from './version.js';

const SIZE = 512;
const SECONDS = 0.5;

/** `swift doctor`: versions, the machine, and each backend with its measured matmul speed or why it is absent. */
export async function run(argv: readonly string[]): Promise<void> {
  noArguments('doctor', argv);
  const out = (line: string): boolean => process.stdout.write(`${line}\n`);
  const processors = cpus();
  out(`swift-ts ${packageVersion()}, Node ${process.version}, ${process.platform}-${process.arch}`);
  out(`${processors.length} x ${processors[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`);
  const endpoint = process.env.HF_ENDPOINT ?? 'https://huggingface.co';
  out(`hub: ${endpoint}${process.env.HF_HUB_OFFLINE ? ' (HF_HUB_OFFLINE is set)' : ''}`);
  const { plugins } = createServices({
    use_hf: true,
    backend: 'onnxruntime',
    plugins: [],
    log: new TerminalLog(),
  });
  for (const { name, manifest } of plugins.catalog.sources) {
    const counts = Object.entries(manifest.plugins).map(
      ([kind, entries]) => `${Object.keys(entries).length} ${kind}s`,
    );
    out(`plugins of ${name}: ${counts.join(', ')}`);
  }
  for (const { id } of plugins.catalog.list('backend')) {
    const { instance } = await plugins.resolve('backend', id);
    try {
      const speed =
        id === 'reference'
          ? 'not timed'
          : `${(await matmulSpeed(instance)).toFixed(1)} GFLOP/s (matmul ${SIZE})`;
      out(`backend ${id}: ${await instance.describe()}; ${speed}`);
    } catch (error) {
      if (!isSwiftError(error)) throw error;
      out(`backend ${id}: not available: ${[error.message, ...error.cure].join('. ')}`);
    }
  }
}

/** GFLOP/s of a square float32 product, best of the runs within SECONDS. */
async function matmulSpeed(backend: Backend): Promise<number> {
  const [a, b] = [input([SIZE, SIZE]), input([SIZE, SIZE])];
  const product = await backend.compile(makeGraph([a, b], [matmul(a, b)]));
  const data = new Float32Array(SIZE * SIZE).fill(0.5);
  const operand: HostTensor = { dtype: 'float32', shape: [SIZE, SIZE], data };
  await product.run([operand, operand]);
  let best = Infinity;
  for (const end = performance.now() + 1000 * SECONDS; performance.now() < end;) {
    const started = performance.now();
    await product.run([operand, operand]);
    best = Math.min(best, performance.now() - started);
  }
  await product.release();
  return (2 * SIZE ** 3) / best / 1e6;
}
