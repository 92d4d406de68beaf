import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { headsOfAdapters, readAdapter, writeAdapters } from '../../core/adapter/adapter-files.js';
import type { StandardRow } from '../../core/contracts/row.js';
import type { Sample } from '../../core/contracts/template.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import type { LoadedModel } from '../../core/model/load-model.js';
import { writeModelFolder } from '../../core/model/write-model.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { ObjectivePasses } from '../../core/train/objective-passes.js';
import { optimizedBy } from '../../core/train/optimized.js';
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

/** What Transformers computed (scripts/fixtures/classification.py). */
interface Oracle {
  readonly base: string;
  readonly adapter: boolean;
  readonly options: { readonly num_labels: number; readonly problem_type: string };
  readonly sequences: readonly (readonly number[])[];
  readonly labels: readonly (number | readonly number[])[];
  readonly scores: readonly (readonly number[])[];
  readonly loss: number;
}

const backend = await backendOf('onnxruntime');
const services = plugins();
const layout = { lengths: rowLengths(64), padTokenId: 0, packs: true };

describe.each(readdirSync(fixture('classification')))('%s', (id) => {
  const folder = fixture('classification', id);
  const oracle = readJson<Oracle>(join(folder, 'oracle.json'));

  async function load(): Promise<LoadedModel> {
    if (!oracle.adapter) return loadCase(parityCase(oracle.base), { folder });
    const loaded = await loadCase(parityCase(oracle.base), { heads: await headsOfAdapters(folder) });
    const { instance } = await services.resolve('tuner', 'lora');
    await instance.load!(loaded.model, await readAdapter(folder));
    return loaded;
  }

  async function stepOf({ model }: LoadedModel) {
    const engine = new TrainEngine(backend, model, { residuals: 'save' });
    const { instance } = await services.resolve('trainer', 'seq_cls');
    const objective = optimizedBy(instance, oracle.options).objective!;
    const samples = oracle.sequences.map((input_ids, i): Sample => {
      const row: StandardRow = { messages: [], label: oracle.labels[i] };
      return {
        input_ids,
        labels: input_ids.map(() => -100),
        label: objective.sequences(row)[0].label,
      };
    });
    return { engine, samples, passes: new ObjectivePasses(engine, layout, objective) };
  }

  test('loss and gradients are those of Transformers', async () => {
    const loaded = await load();
    if (!oracle.adapter) for (const [, parameter] of loaded.model.parameters()) parameter.trainable = true;
    const { engine, samples, passes } = await stepOf(loaded);
    const { loss, metrics } = await passes.train(samples, () => () => 0.5);
    expect(loss).toBeCloseTo(oracle.loss, 5);
    if (id === 'single' || id === 'adapter') {
      const right = oracle.scores.filter((row, i) => row.indexOf(Math.max(...row)) === oracle.labels[i]);
      expect(metrics.acc).toBeCloseTo(right.length / samples.length, 6);
    }
    if (oracle.options.problem_type === 'regression') expect(metrics).toEqual({});
    const trained = [...loaded.model.namedParameters()].filter(([, { trainable }]) => trainable);
    const gradients = new Map(trained.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
    await engine.release();
    const expected = withoutPrefix(await readTensors(join(folder, 'oracle.safetensors')));
    expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
    expect(gradientDistance(gradients, expected)).toBeLessThan(1e-4);
  });

  test('is evaluated to the same loss', async () => {
    const { engine, samples, passes } = await stepOf(await load());
    expect((await passes.evaluate(samples)).loss).toBeCloseTo(oracle.loss, 5);
    await engine.release();
  });

  test('is written as it was read, and says what its scores are', async () => {
    const { model, config, tokenizer, origin } = await load();
    const written = mkdtempSync(join(tmpdir(), 'swift-classes-'));
    try {
      if (oracle.adapter) {
        const tuner = (await services.resolve('tuner', 'lora')).instance;
        const again = await loadCase(parityCase(oracle.base), {
          heads: { score: oracle.options.num_labels },
        });
        await tuner.load!(again.model, await readAdapter(folder));
        await writeAdapters(written, new Map([['default', tuner.adapter!(again.model, 'tiny')]]));
        expect(readJson(join(written, 'adapter_config.json'))).toMatchObject({ task_type: 'SEQ_CLS' });
        expect(await readTensors(join(written, 'adapter_model.safetensors'))).toEqual(
          await readTensors(join(folder, 'adapter_model.safetensors')),
        );
        return;
      }
      await writeModelFolder(written, { model, config, tokenizer, origin });
      const theirs = readJson<Record<string, unknown>>(join(folder, 'config.json'));
      expect(readJson(join(written, 'config.json'))).toMatchObject({
        architectures: ['Qwen2ForSequenceClassification'],
        problem_type: oracle.options.problem_type,
        id2label: theirs.id2label,
      });
      expect(await readTensors(join(written, 'model.safetensors'))).toEqual(
        await readTensors(join(folder, 'model.safetensors')),
      );
    } finally {
      rmSync(written, { recursive: true });
    }
  });
});
