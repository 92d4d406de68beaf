import { commandArguments } from '../../core/config/commands.js';
import { resolveArguments } from '../../core/config/resolve.js';
import type { TunerOptions } from '../../core/contracts/tuner.js';
import { SeededRandom } from '../../core/data/index.js';
import { services } from '../../core/sdk/swift.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { clipGradients, gradientNorm } from '../../core/train/gradients.js';
import { TrainedParameters } from '../../core/train/trained-parameters.js';
import { GemmPeak } from './gemm.js';
import { median, type BenchRow } from './row.js';
import { randomModel, randomRow, usefulFlops } from './smollm2-shape.js';

const RANK = 8;
const STEPS = 5;

/** Whole LoRA steps (forward, backward, clipping, AdamW) at the SmolLM2-135M shape, rows one after another. */
export async function benchTrain(
  batch: number,
  seq: number,
  residuals: 'save' | 'recompute',
): Promise<BenchRow> {
  const { plugins, backend: load } = services();
  const backend = await load();
  const model = randomModel();
  const { instance: lora } = await plugins.resolve('tuner', 'lora');
  const { instance: optimizer } = await plugins.resolve('optimizer', 'adamw_torch');
  const defaults = resolveArguments('sft', commandArguments.sft, new Map());
  const tuning: TunerOptions = {
    ...defaults,
    ...{ lora_rank: RANK, lora_dropout: 0, target_modules: ['all-linear'], target_regex: undefined },
    lora_bias: 'none',
  };
  lora.apply(model, tuning, SeededRandom.seeded(3));
  const trained = new TrainedParameters(model, optimizer.slots);
  const engine = new TrainEngine(backend, model, { residuals, gradients: trained.gradients });
  const gradients = trained.list.map(({ grad }) => grad);
  const row = randomRow(seq);
  const peak = await GemmPeak.open(backend);
  const times: number[] = [];
  const rates: number[] = [];
  for (let step = 0; step <= STEPS; step++) {
    const before = await peak.measure();
    const started = performance.now();
    engine.zeroGradients();
    for (let i = 0; i < batch; i++) await engine.accumulate(row, 1 / (batch * (seq - 1)), Math.random);
    clipGradients(gradients, gradientNorm(gradients), 1);
    optimizer.step(trained.list, 1e-4, defaults);
    const elapsed = performance.now() - started;
    if (step === 0) continue; // graphs are compiled and memory is touched first
    times.push(elapsed);
    rates.push(Math.max(before, await peak.measure()));
  }
  const step_ms = median(times);
  const gemm_gflops = median(rates);
  return {
    name: 'smollm2-135m lora r8 all-linear',
    mode: residuals,
    dtype: 'fp32',
    batch,
    seq,
    step_ms,
    tokens_per_s: (1000 * batch * seq) / step_ms,
    mfu: median(times.map((ms, i) => (batch * usefulFlops(seq, RANK)) / ms / 1e6 / rates[i])),
    rss_gb: (process.resourceUsage().maxRSS * 1024) / 1e9,
    gemm_gflops,
  };
}
