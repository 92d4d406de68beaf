import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { headsOfAdapters, readAdapter, writeAdapters } from '../../core/adapter/adapter-files.js';
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

/** What TRL's reward trainer computed (scripts/fixtures/reward_model.py). */
interface RewardOracle {
  readonly base: string;
  readonly adapter: boolean;
  readonly options: { readonly center_rewards_coefficient: number };
  readonly pairs: readonly Readonly<Record<'chosen' | 'rejected', readonly number[]>>[];
  readonly margins: readonly number[] | null;
  readonly scores: Readonly<Record<'chosen' | 'rejected', readonly number[]>>;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const backend = await backendOf('onnxruntime');
const services = plugins();

async function load(folder: string, { base, adapter }: RewardOracle): Promise<LoadedModel> {
  if (!adapter) return loadCase(parityCase(base), { folder });
  const loaded = await loadCase(parityCase(base), { heads: await headsOfAdapters(folder) });
  const { instance } = await services.resolve('tuner', 'lora');
  await instance.load!(loaded.model, await readAdapter(folder));
  return loaded;
}

const samplesOf = ({ pairs, margins }: RewardOracle): Sample[] =>
  pairs.map(({ chosen, rejected }, i) => {
    const whole = (ids: readonly number[]): Sample => ({ input_ids: ids, labels: ids.map(() => -100) });
    return { ...whole(chosen), margin: margins?.[i], partners: [whole(rejected)] };
  });

const layout = { lengths: rowLengths(64), padTokenId: 0, packs: true };

describe.each(readdirSync(fixture('reward-model')))('%s', (id) => {
  const folder = fixture('reward-model', id);
  const oracle = readJson<RewardOracle>(join(folder, 'oracle.json'));
  const samples = samplesOf(oracle);

  async function passesOf({ model }: LoadedModel) {
    const engine = new TrainEngine(backend, model, { residuals: 'save' });
    const { instance } = await services.resolve('trainer', 'rm');
    const { objective } = optimizedBy(instance, oracle.options);
    return { engine, passes: new ObjectivePasses(engine, layout, objective!) };
  }

  test('loss, measures and gradients are those of TRL', async () => {
    const loaded = await load(folder, oracle);
    if (!oracle.adapter) for (const [, parameter] of loaded.model.parameters()) parameter.trainable = true;
    const { engine, passes } = await passesOf(loaded);
    const { loss, metrics } = await passes.train(samples, () => () => 0.5);
    expect(loss).toBeCloseTo(oracle.loss, 5);
    for (const [name, value] of Object.entries(oracle.metrics)) expect(metrics[name]).toBeCloseTo(value, 5);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(metrics['rewards/chosen']).toBeCloseTo(mean(oracle.scores.chosen), 5);
    expect(metrics['rewards/rejected']).toBeCloseTo(mean(oracle.scores.rejected), 5);
    const trained = [...loaded.model.namedParameters()].filter(([, { trainable }]) => trainable);
    const gradients = new Map(trained.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
    await engine.release();
    const expected = withoutPrefix(await readTensors(join(folder, 'oracle.safetensors')));
    expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
    expect(gradientDistance(gradients, expected)).toBeLessThan(1e-4);
  });

  test('is evaluated to the same loss, and a step alone is a step together', async () => {
    const { engine, passes } = await passesOf(await load(folder, oracle));
    const together = await passes.evaluate(samples);
    const alone = await Promise.all(samples.map(async (sample) => (await passes.evaluate([sample])).loss));
    expect(together.loss).toBeCloseTo(oracle.loss, 5);
    expect(alone.reduce((sum, loss) => sum + loss, 0) / alone.length).toBeCloseTo(oracle.loss, 5);
    await engine.release();
  });

  test('what is written of it scores the same, and says that it scores', async () => {
    const loaded = await load(folder, oracle);
    const written = mkdtempSync(join(tmpdir(), 'swift-scores-'));
    try {
      const { model, config, tokenizer, origin } = loaded;
      if (oracle.adapter) {
        const tuner = (await services.resolve('tuner', 'lora')).instance;
        const again = await loadCase(parityCase(oracle.base), { heads: { score: 1 } });
        await tuner.load!(again.model, await readAdapter(folder));
        await writeAdapters(written, new Map([['default', tuner.adapter!(again.model, 'tiny')]]));
        const said = readJson<{ task_type: string; modules_to_save: string[] }>(
          join(written, 'adapter_config.json'),
        );
        expect(said).toMatchObject({
          task_type: 'SEQ_CLS',
          modules_to_save: expect.arrayContaining(['score']) as unknown,
        });
        expect(await readTensors(join(written, 'adapter_model.safetensors'))).toEqual(
          await readTensors(join(folder, 'adapter_model.safetensors')),
        );
        return;
      }
      await writeModelFolder(written, { model, config, tokenizer, origin });
      const said = readJson<{ architectures: string[] }>(join(written, 'config.json'));
      expect(said.architectures).toEqual(['Qwen2ForSequenceClassification']);
      expect(await readTensors(join(written, 'model.safetensors'))).toEqual(
        await readTensors(join(folder, 'model.safetensors')),
      );
    } finally {
      rmSync(written, { recursive: true });
    }
  });
});
