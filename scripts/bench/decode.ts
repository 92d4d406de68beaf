import type { WeightFormat } from '../../core/graph/index.js';
import { GenerateEngine } from '../../core/runtime/generate-engine.js';
import { services } from '../../core/sdk/swift.js';
import { GemmPeak } from './gemm.js';
import { randomModel, randomRow } from './random-model.js';
import { median, type BenchRow } from './row.js';
import { linearsOf, SHAPES, type ShapeName } from './shapes.js';

export interface DecodeBench {
  readonly shape: ShapeName;
  readonly format: WeightFormat;
  readonly batch: number;
  /** Positions filled before the first measured token. */
  readonly seq: number;
  readonly steps: number;
}

/** Greedy decoding, token by token, behind a prompt of `seq` tokens per row. */
export async function benchDecode({ shape, format, batch, seq, steps }: DecodeBench): Promise<BenchRow> {
  const traits = SHAPES[shape];
  const backend = await services().backend();
  const engine = new GenerateEngine(backend, await randomModel(traits, format));
  const peak = await GemmPeak.open(backend);
  const { input_ids } = randomRow(traits, seq);
  const rate = await peak.measure();
  await engine.start(Array<number[]>(batch).fill([...input_ids]), steps + 4);
  const tokens = Array<number>(batch).fill(1);
  for (let i = 0; i < 3; i++) await engine.next(tokens); // graphs are compiled and memory is touched first
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const started = performance.now();
    await engine.next(tokens);
    times.push(performance.now() - started);
  }
  const step_ms = median(times);
  const weights =
    linearsOf(traits).reduce((sum, [from, to]) => sum + from * to, 0) * traits.num_hidden_layers;
  const flops = 2 * batch * (weights + traits.hidden_size * traits.vocab_size);
  return {
    name: `${shape} decode`,
    mode: 'greedy',
    dtype: format,
    batch,
    seq,
    step_ms,
    tokens_per_s: (1000 * batch) / step_ms,
    mfu: flops / step_ms / 1e6 / rate,
    rss_gb: (process.resourceUsage().maxRSS * 1024) / 1e9,
    gemm_gflops: rate,
  };
}
