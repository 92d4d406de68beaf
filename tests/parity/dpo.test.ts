import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../core/contracts/template.js';
import type { CausalLM } from '../../core/nn/index.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { readAdapter } from '../../core/adapter/adapter-files.js';
import { pluginOptions } from '../../core/config/plugin-options.js';
import { runLoop, type LoopJob } from '../../core/train/loop.js';
import { makePasses } from '../../core/train/make-passes.js';
import type { SampleSet } from '../../core/data/index.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import { optimizedBy } from '../../core/train/optimized.js';
import { trainOptions, type AdapterOracle } from '../../parity/adapters.js';
import {
  backendOf,
  fixture,
  loadCase,
  parityCase,
  plugins,
  readJson,
  readTensors,
} from '../../parity/cases.js';
import { gradientDistance, withoutPrefix } from '../../parity/measure.js';

/** What TRL's DPO trainer computed (scripts/fixtures/dpo.py). */
interface DpoOracle {
  readonly base: string;
  /** Another model as the reference. */
  readonly reference?: string;
  readonly adapter: boolean;
  readonly precompute: boolean;
  readonly options: { readonly beta: number; readonly rpo_alpha: number };
  readonly pairs: readonly Readonly<Record<'prompt' | 'chosen' | 'rejected', readonly number[]>>[];
  readonly optimizer: AdapterOracle['optimizer'];
  readonly losses: readonly number[];
  readonly margins: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

const backend = await backendOf('onnxruntime');
const services = plugins();

function sampleOf({ prompt, chosen, rejected }: DpoOracle['pairs'][number]): Sample {
  const sequence = (answer: readonly number[]): Sample => ({
    input_ids: [...prompt, ...answer],
    labels: [...prompt.map(() => -100), ...answer],
  });
  return { ...sequence(chosen), partners: [sequence(rejected)] };
}

async function load(folder: string, oracle: DpoOracle): Promise<{ model: CausalLM; reference?: CausalLM }> {
  const { model } = await loadCase(parityCase(oracle.base));
  if (oracle.adapter) {
    const { instance: tuner } = await services.resolve('tuner', 'lora');
    await tuner.load!(model, await readAdapter(folder));
  } else {
    for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
  }
  const other = oracle.reference && (await loadCase(parityCase(oracle.reference))).model;
  return { model, reference: other || undefined };
}

async function jobOf(folder: string, oracle: DpoOracle): Promise<LoopJob> {
  const { model, reference } = await load(folder, oracle);
  const { instance, meta } = await services.resolve('trainer', 'dpo');
  const trainer = optimizedBy(instance, pluginOptions(meta, oracle.options));
  return {
    model,
    backend,
    trainer,
    validation: [],
    padTokenId: 0,
    observers: [],
    optimizer: (await services.resolve('optimizer', 'adamw_torch')).instance,
    options: { ...trainOptions(oracle.losses.length, oracle.optimizer), batch_size: oracle.pairs.length },
    data: { samples: oracle.pairs.map(sampleOf) },
    reference: { model: reference, precompute: oracle.precompute },
    save: () => Promise.resolve(),
  };
}

describe.each(readdirSync(fixture('dpo')))('%s', (id) => {
  const folder = fixture('dpo', id);
  const oracle = readJson<DpoOracle>(join(folder, 'oracle.json'));

  test('loss, measures and gradients are those of TRL', async () => {
    const job = await jobOf(folder, oracle);
    const { samples } = job.data as SampleSet;
    const options = { residuals: 'save' } as const;
    const engine = new TrainEngine(backend, job.model, options);
    const layout = { lengths: rowLengths(512), padTokenId: 0, packs: true };
    const { passes, release } = await makePasses(job, engine, layout, options);
    const { loss, metrics } = await passes.train(samples, () => () => 0.5, 0);
    const evaluated = await passes.evaluate(samples);
    const named = [...job.model.namedParameters()].filter(([, { trainable }]) => trainable);
    const gradients = new Map(named.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
    await release();
    await engine.release();
    expect(loss).toBeCloseTo(oracle.losses[0], 5);
    const own = oracle.options.rpo_alpha > 0 ? ['nll_loss'] : [];
    expect(Object.keys(metrics).sort()).toEqual([...Object.keys(oracle.metrics), ...own].sort());
    for (const [name, value] of Object.entries(oracle.metrics))
      expect(metrics[name], name).toBeCloseTo(value, 4);
    expect(evaluated.loss).toBeCloseTo(loss, 5);
    const expected = withoutPrefix(await readTensors(join(folder, 'oracle.safetensors')));
    expect(gradients.size).toBe(expected.size);
    expect(gradientDistance(gradients, expected)).toBeLessThan(1e-4);
  });

  test('steps of training are those of TRL', async () => {
    const seen: { loss: number; margin: number }[] = [];
    await runLoop({
      ...(await jobOf(folder, oracle)),
      observers: [
        { onStep: ({ loss, metrics }) => void seen.push({ loss, margin: metrics['rewards/margins'] }) },
      ],
    });
    expect(seen).toHaveLength(oracle.losses.length);
    seen.forEach(({ loss, margin }, step) => {
      expect(loss / oracle.losses[step]).toBeCloseTo(1, 3);
      expect(margin / oracle.margins[step]).toBeCloseTo(1, 3);
    });
  });
});
