import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { headsOfAdapters, readAdapter, writeAdapters } from '../../core/adapter/adapter-files.js';
import { SeededRandom } from '../../core/data/index.js';
import type { LoadedModel } from '../../core/model/load-model.js';
import { writeModelFolder } from '../../core/model/write-model.js';
import { layersOf } from '../../core/nn/index.js';
import { SequenceReader } from '../../core/sdk/sequence-reader.js';
import { backendOf, plugins, readJson, readTensors } from '../../parity/cases.js';
import { LORA } from '../../parity/lora-options.js';
import { gradientDistance, largestDifference, TOLERANCE, withoutPrefix } from '../../parity/measure.js';
import {
  loadSequenceCase,
  measureSequences,
  passesOf,
  rowsOf,
  sequenceCases,
  type SequenceCase,
} from '../../parity/sequences.js';

const backend = await backendOf('onnxruntime');
const services = plugins();

async function scoresOf({ model }: LoadedModel, { task, sequences }: SequenceCase['oracle']) {
  const reader = new SequenceReader(model, backend);
  const samples = sequences.flat().map((ids) => ({ input_ids: ids, labels: ids.map(() => -100) }));
  const read = await reader.read(samples, task === 'embedding' ? 'pooled' : 'score');
  await reader.release();
  return read;
}

/** Gradient descent on what trains; losses of each step. */
async function descend(
  loaded: LoadedModel,
  oracle: SequenceCase['oracle'],
  steps: number,
): Promise<number[]> {
  const losses: number[] = [];
  const { engine, passes } = await passesOf(loaded, oracle, backend);
  for (let step = 0; step < steps; step++) {
    engine.zeroGradients();
    losses.push((await passes.train(rowsOf(oracle), () => () => 0.5)).loss);
    for (const [parameter, gradient] of engine.gradients) {
      const values = parameter.data!;
      for (let i = 0; i < values.length; i++) values[i] -= 0.02 * gradient[i];
    }
  }
  await engine.release();
  return losses;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swift-sequences-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(sequenceCases())('$id', (parity) => {
  const { folder, oracle, architecture } = parity;

  test('values, loss and gradients are those of Transformers, alone and beside others', async () => {
    const { logits, padded, loss, gradients } = await measureSequences(parity, backend);
    expect(logits).toBeLessThanOrEqual(TOLERANCE.logits);
    expect(padded).toBeLessThanOrEqual(TOLERANCE.logits);
    expect(loss).toBeLessThanOrEqual(TOLERANCE.loss);
    expect(gradients).toBeLessThanOrEqual(TOLERANCE.gradients);
  });

  test('is written under the names it was read by', async () => {
    const { model, config, tokenizer, origin } = await loadSequenceCase(parity);
    await inFolder(async (written) => {
      await writeModelFolder(written, { model, config, tokenizer, origin });
      const theirs = await readTensors(join(folder, 'model.safetensors'));
      const ours = await readTensors(join(written, 'model.safetensors'));
      expect(ours.size).toBeGreaterThan(10);
      for (const [name, values] of ours) expect(values).toEqual(theirs.get(name));
      expect(readJson(join(written, 'config.json'))).toMatchObject({ architectures: [architecture] });
    });
  });

  test.skipIf(oracle.task === undefined)(
    'trained in full, it is the same when it is loaded again',
    async () => {
      const loaded = await loadSequenceCase(parity);
      for (const [, parameter] of loaded.model.parameters()) parameter.trainable = true;
      const [first, last] = await descend(loaded, oracle, 2);
      expect(last).toBeLessThan(first);
      await inFolder(async (written) => {
        await writeModelFolder(written, loaded);
        const again = await loadSequenceCase({ ...parity, folder: written });
        expect(await scoresOf(again, oracle)).toEqual(await scoresOf(loaded, oracle));
      });
    },
  );

  test.skipIf(oracle.task === undefined)('an adapter on it learns, and keeps the head', async () => {
    const { instance: tuner } = await services.resolve('tuner', 'lora');
    const loaded = await loadSequenceCase(parity);
    const options = { ...LORA, lora_dropout: 0, target_modules: loaded.loraTargets };
    await tuner.apply(loaded.model, options, SeededRandom.seeded(1));
    const [first, last] = await descend(loaded, oracle, 3);
    expect(last).toBeLessThan(first);
    expect([...layersOf(loaded.model, 'default')].length).toBeGreaterThan(1);
    await inFolder(async (written) => {
      await writeAdapters(written, new Map([['default', tuner.adapter!(loaded.model, 'tiny')]]));
      const score = loaded.model.score?.out_features;
      expect(await headsOfAdapters(written)).toEqual(score === undefined ? {} : { score });
      const again = await loadSequenceCase(parity);
      await (
        await services.resolve('tuner', 'lora')
      ).instance.load!(again.model, await readAdapter(written));
      const [ours, theirs] = [await scoresOf(loaded, oracle), await scoresOf(again, oracle)];
      ours.forEach((one, i) => one.forEach((value, d) => expect(theirs[i][d]).toBeCloseTo(value, 5)));
    });
  });

  test.skipIf(!existsSync(join(folder, 'adapter')))(
    'an adapter of PEFT on it is read, trained and written',
    async () => {
      const place = join(folder, 'adapter');
      const told = readJson<{
        readonly values: readonly (readonly (readonly number[])[])[];
        readonly loss: number;
      }>(join(place, 'oracle.json'));
      expect(await headsOfAdapters(place)).toEqual({ score: oracle.values[0][0].length });
      const loaded = await loadSequenceCase(parity);
      const { instance: tuner } = await services.resolve('tuner', 'lora');
      await tuner.load!(loaded.model, await readAdapter(place));
      const scores = await scoresOf(loaded, oracle);
      for (const [i, expected] of told.values.flat().entries())
        expect(largestDifference(scores[i], expected)).toBeLessThan(TOLERANCE.logits);
      const { engine, passes } = await passesOf(loaded, oracle, backend);
      expect((await passes.train(rowsOf(oracle), () => () => 0.5)).loss).toBeCloseTo(told.loss, 5);
      const trained = [...loaded.model.namedParameters()].filter(([, { trainable }]) => trainable);
      const gradients = new Map(trained.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
      await engine.release();
      const expected = withoutPrefix(await readTensors(join(place, 'oracle.safetensors')));
      expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
      expect(gradientDistance(gradients, expected)).toBeLessThan(TOLERANCE.gradients);
      await inFolder(async (written) => {
        await writeAdapters(written, new Map([['default', tuner.adapter!(loaded.model, 'tiny')]]));
        const theirs = await readTensors(join(place, 'adapter_model.safetensors'));
        expect(await readTensors(join(written, 'adapter_model.safetensors'))).toEqual(theirs);
      });
    },
  );
});
