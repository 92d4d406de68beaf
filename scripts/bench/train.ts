import { tmpdir } from 'node:os';
import { pluginOptions } from '../../core/config/plugin-options.js';
import type { Batch } from '../../core/contracts/batch.js';
import { IGNORE_INDEX } from '../../core/contracts/template.js';
import { SeededRandom } from '../../core/data/index.js';
import type { ResidualPolicy } from '../../core/graph/index.js';
import { ScratchFile } from '../../core/io/scratch-file.js';
import { Decoder, type CausalLM, type ComputePrecision } from '../../core/nn/index.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { services } from '../../core/sdk/default-services.js';
import { clipGradients, gradientNorm } from '../../core/train/gradients.js';
import { TrainedParameters } from '../../core/train/trained-parameters.js';
import type { FormatName } from './formats.js';
import { GemmPeak } from './gemm.js';
import { randomModel, randomRow } from './random-model.js';
import { median, peakMemory, type BenchRow } from './row.js';
import { SHAPES, usefulFlops, type ShapeName } from './shapes.js';

export const RANK = 8;

export interface TrainBench {
  readonly shape: ShapeName;
  readonly tuner: 'lora' | 'full';
  readonly format: FormatName;
  readonly precision: ComputePrecision;
  readonly residuals: ResidualPolicy;
  /** The blocks' weights are read from disk. */
  readonly offload: boolean;
  readonly batch: number;
  readonly seq: number;
  readonly steps: number;
}

/** What a step computes, whatever is measured. */
export type StepSettings = Pick<
  TrainBench,
  'tuner' | 'format' | 'precision' | 'residuals' | 'batch' | 'seq' | 'steps'
>;

/** Whole steps (forward, backward, clipping, AdamW), rows one after another. */
export async function benchTrain(bench: TrainBench): Promise<BenchRow> {
  const { shape, tuner, format, residuals, offload, seq } = bench;
  const traits = SHAPES[shape];
  const scratch = offload ? await ScratchFile.open(tmpdir()) : undefined;
  const model = await randomModel(new Decoder(traits), format, scratch);
  const flops = usefulFlops(traits, seq, tuner === 'lora' ? RANK : 0);
  return {
    name: `${shape} ${tuner === 'lora' ? `lora r${RANK} all-linear` : 'full'}`,
    mode: offload ? `${residuals}, weights on disk` : residuals,
    ...(await benchSteps(model, randomRow(traits, seq), { settings: bench, flops, scratch })),
  };
}

/** @param flops that one row cannot do without */
export async function benchSteps(
  model: CausalLM,
  row: Batch,
  {
    settings: { tuner, format, precision, residuals, batch, seq, steps },
    flops,
    scratch,
  }: { readonly settings: StepSettings; readonly flops: number; readonly scratch?: ScratchFile },
): Promise<Omit<BenchRow, 'name' | 'mode'>> {
  const { plugins, backend: load } = services();
  const backend = await load();
  const { instance: tuning, meta } = await plugins.resolve('tuner', tuner);
  const optimizing = await plugins.resolve('optimizer', 'adamw_torch');
  const optimizer = optimizing.instance;
  const adam = pluginOptions(optimizing.meta, {});
  const told = { lora_rank: RANK, lora_dropout: 0, target_modules: ['all-linear'] };
  await tuning.apply(model, pluginOptions(meta, told), SeededRandom.seeded(3));
  const trained = new TrainedParameters(model, optimizer.slots);
  const engine = new TrainEngine(backend, model, {
    residuals,
    precision,
    scratch,
    gradients: trained.gradients,
  });
  const gradients = trained.list.map(({ grad }) => grad);
  const labels = row.labels.filter((label) => label !== IGNORE_INDEX).length;
  const peak = await GemmPeak.open(backend);
  const times: number[] = [];
  const rates: number[] = [];
  for (let step = 0; step <= steps; step++) {
    const before = await peak.measure();
    const started = performance.now();
    engine.zeroGradients();
    for (let i = 0; i < batch; i++) await engine.accumulate(row, 1 / (batch * (labels - 1)), Math.random);
    clipGradients(gradients, gradientNorm(gradients), 1);
    optimizer.step(trained.list, 1e-4, adam);
    const elapsed = performance.now() - started;
    if (step === 0) continue; // graphs are compiled and memory is touched first
    times.push(elapsed);
    rates.push(Math.max(before, await peak.measure()));
  }
  const step_ms = median(times);
  return {
    dtype: `${format}${precision === 'int8' ? ' w8a8' : ''}`,
    batch,
    seq,
    step_ms,
    tokens_per_s: (1000 * batch * seq) / step_ms,
    mfu: median(times.map((ms, i) => (batch * flops) / ms / 1e6 / rates[i])),
    rss_gb: peakMemory(),
    gemm_gflops: median(rates),
  };
}
