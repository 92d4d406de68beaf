import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAdapter } from '../../core/adapter/adapter-files.js';
import { pluginOptions } from '../../core/config/plugin-options.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import type { Sample } from '../../core/contracts/template.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { ObjectivePasses } from '../../core/train/objective-passes.js';
import { optimizedBy } from '../../core/train/optimized.js';
import { withoutAdapters } from '../../core/train/reference.js';
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

type Ids = readonly number[];
type Row =
  | { readonly prompt: Ids; readonly chosen: Ids; readonly rejected: Ids }
  | { readonly prompt: Ids; readonly completion: Ids; readonly label: boolean };

/** What TRL's trainers computed (scripts/fixtures/preferences.py). */
interface Oracle {
  readonly base: string;
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly cases: readonly {
    readonly trainer: string;
    readonly name: string;
    readonly rows: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly loss: number;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

const FOLDER = fixture('preferences');
const oracle = readJson<Oracle>(join(FOLDER, 'oracle.json'));
const gradients = await readTensors(join(FOLDER, 'oracle.safetensors'));
const backend = await backendOf('onnxruntime');
const services = plugins();

const { model } = await loadCase(parityCase(oracle.base));
const { instance: tuner } = await services.resolve('tuner', 'lora');
await tuner.load!(model, await readAdapter(FOLDER));

function sampleOf(row: Row): Sample {
  const sequence = (answer: Ids, label?: boolean): Sample => ({
    input_ids: [...row.prompt, ...answer],
    labels: [...row.prompt.map(() => -100), ...answer],
    label,
  });
  if ('completion' in row) return sequence(row.completion, row.label);
  return { ...sequence(row.chosen, true), partners: [sequence(row.rejected, false)] };
}

/** Loss, metrics and gradients of one step, of the same rows all at once, and evaluated. */
async function stepOf(trainer: string, options: object, samples: readonly Sample[], packs: boolean) {
  const { instance, meta } = await services.resolve('trainer', trainer);
  const objective = optimizedBy(instance, pluginOptions(meta, options)).objective!;
  const engine = new TrainEngine(backend, model, { residuals: 'save' });
  const reference = objective.reference ? withoutAdapters(engine) : undefined;
  const layout = { lengths: rowLengths(64), padTokenId: 0, packs };
  const passes = new ObjectivePasses(engine, layout, objective, reference);
  const step = await passes.train(samples, () => () => 0.5);
  const evaluated = await passes.evaluate(samples);
  const trained = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
  const found = new Map(trained.map(([name, parameter]) => [name, engine.gradients.get(parameter)!.slice()]));
  await engine.release();
  return { step, evaluated, found };
}

describe.each(oracle.cases)('$trainer $name', ({ trainer, name, rows, options, loss, metrics }) => {
  const samples = oracle.rows[rows].map(sampleOf);
  const prefix = `${trainer}.${name}.`;
  const own = [...gradients].filter(([key]) => key.startsWith(prefix));
  const expected = withoutPrefix(
    new Map(own.map(([key, value]) => [`grad.${key.slice(prefix.length)}`, value])),
  );

  test.each([
    ['rows that samples share', true],
    ['a pass for each sample', false],
  ])('has the loss, measures and gradients of TRL: %s', async (_, packs) => {
    const { step, evaluated, found } = await stepOf(trainer, options, samples, packs);
    expect(Math.abs(step.loss - loss)).toBeLessThan(1e-5 * Math.max(1, loss));
    expect(evaluated.loss).toBeCloseTo(step.loss, 4);
    for (const [measure, value] of Object.entries(metrics))
      if (measure in step.metrics || value !== 0)
        expect(step.metrics[measure], measure).toBeCloseTo(value, 4);
    expect(found.size).toBe(expected.size);
    expect(gradientDistance(found, expected)).toBeLessThan(1e-4);
  });
});

test('ipo is dpo with that loss', async () => {
  const samples = oracle.rows.odd.map(sampleOf);
  const [ipo, dpo] = await Promise.all(
    [
      ['ipo', { beta: 0.3 }],
      ['dpo', { beta: 0.3, loss_type: ['ipo'] }],
    ].map(([trainer, options]) => stepOf(trainer as string, options as object, samples, true)),
  );
  expect(ipo).toEqual(dpo);
});

test('simpo is cpo with that loss, without cross entropy unless it is asked for', async () => {
  const samples = oracle.rows.odd.map(sampleOf);
  const simpo = await stepOf('simpo', {}, samples, true);
  const cpo = await stepOf('cpo', { loss_type: 'simpo', beta: 2, cpo_alpha: 0 }, samples, true);
  expect(simpo).toEqual(cpo);
  expect(simpo.step.metrics).not.toHaveProperty('nll_loss');
});
