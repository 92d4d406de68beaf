import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import type { Objective } from '../../../core/contracts/trainer.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import { SeededRandom } from '../../../core/data/random.js';
import { sequencesOf } from '../../../core/data/sequences.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { microBatches, rowLengths } from '../../../core/data/micro-batches.js';
import { ObjectivePasses } from '../../../core/train/objective-passes.js';
import { keepBefore, precomputed, withoutAdapters } from '../../../core/train/reference.js';
import { tokenSpans } from '../../../core/train/token-spans.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { LORA } from '../../../parity/lora-options.js';

const backend = await backendOf('onnxruntime');
const { instance: dpo, meta } = await plugins().resolve('trainer', 'dpo');
const objective = dpo.objective!(pluginOptions(meta, { beta: 0.3, label_smoothing: 0.1, rpo_alpha: 0.2 }))!;
const random = SeededRandom.seeded(11);

function sequence(length: number): Sample {
  const input_ids = Int32Array.from({ length }, () => random.below(64));
  return { input_ids, labels: input_ids.map((id, i) => (i < 3 ? -100 : id)) };
}

/** Two that share a row, one whose sequences have rows of their own, and one of the first kind again. */
const pairs = [
  [9, 12],
  [300, 280],
  [40, 7],
].map(([chosen, rejected]): Sample => ({ ...sequence(chosen), partners: [sequence(rejected)] }));

const layout = { lengths: rowLengths(300), padTokenId: 0, packs: true };

async function loraModel(): Promise<CausalLM> {
  const { model } = await loadCase(parityCase('llama3'));
  const { instance: lora } = await plugins().resolve('tuner', 'lora');
  await lora.apply(model, { ...LORA, lora_dropout: 0, modules_to_save: ['norm'] }, SeededRandom.seeded(3));
  const own = [...model.namedParameters()].filter(
    ([name, { trainable }]) => trainable && !name.includes('lora'),
  );
  expect(own.length).toBeGreaterThan(0);
  keepBefore(own.map(([, parameter]) => parameter));
  for (const [name, parameter] of model.namedParameters()) {
    if (parameter.trainable) parameter.data = parameter.data!.map((x) => x + 0.1 * random.normal());
    if (name.includes('lora_B')) expect(parameter.data!.some((x) => x !== 0)).toBe(true);
  }
  return model;
}

describe('an objective over pairs', () => {
  test('keeps the sequences of a sample together, in rows that are not longer than need be', () => {
    const batches = microBatches(pairs, layout);
    const shapes = batches.map(({ batch, seq, of }) => ({ batch, seq, of: of.map((s) => pairs.indexOf(s)) }));
    expect(shapes).toEqual([
      { batch: 1, seq: 96, of: [2, 0] },
      { batch: 2, seq: 384, of: [1] },
    ]);
    for (const batch of batches) {
      const lengths = batch.of.flatMap(sequencesOf).map(({ input_ids }) => input_ids.length);
      expect(tokenSpans(batch).map(([start, end]) => end - start)).toEqual(
        lengths.map((length) => length - 3),
      );
    }
  });

  test('has the loss and gradients of its samples one by one', async () => {
    const model = await loraModel();
    const gradientsOf = async (steps: readonly (readonly Sample[])[]) => {
      const engine = new TrainEngine(backend, model, { residuals: 'save' });
      const passes = new ObjectivePasses(engine, layout, objective, withoutAdapters(engine));
      let loss = 0;
      for (const step of steps) loss += (await passes.train(step, () => () => 0.5)).loss / steps.length;
      const gradients = [...engine.gradients.values()].map((values) => values.map((x) => x / steps.length));
      await engine.release();
      return { loss, gradients };
    };
    const together = await gradientsOf([pairs]);
    const apart = await gradientsOf(pairs.map((pair) => [pair]));
    expect(together.loss).toBeCloseTo(apart.loss, 5);
    together.gradients.forEach((values, i) => {
      const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      values.forEach((value, j) => {
        if (Math.abs(value - apart.gradients[i][j]) > 1e-4 * most) expect(value).toBe(apart.gradients[i][j]);
      });
    });
  });

  test('without adapters is what the base model says, modules that train in place included', async () => {
    const { model: base } = await loadCase(parityCase('llama3'));
    const plain = new TrainEngine(backend, base, { residuals: 'save' });
    const tuned = new TrainEngine(backend, await loraModel(), { residuals: 'save' });
    for (const batch of microBatches(pairs, layout)) {
      const { logp } = await plain.tokenValues(batch, ['logp']);
      expect(await withoutAdapters(tuned).logp(batch)).toEqual(logp);
      expect((await tuned.tokenValues(batch, ['logp'])).logp).not.toEqual(logp);
    }
    await plain.release();
    await tuned.release();
  });

  test('a reference that was asked before training says the same', async () => {
    const engine = new TrainEngine(backend, await loraModel(), { residuals: 'save' });
    const done: number[] = [];
    const asked = withoutAdapters(engine);
    const known = await precomputed(asked, pairs, layout, (count) => void done.push(count));
    for (const batch of microBatches(pairs, layout))
      expect(await known.logp(batch)).toEqual(await asked.logp(batch));
    expect(done).toEqual([0, 3]);
    await engine.release();
  });

  test('an objective that asks for nothing has log-probabilities even so', async () => {
    const engine = new TrainEngine(backend, await loraModel(), { residuals: 'save' });
    const bare = { ...objective, sequences: objective.sequences.bind(objective), quantities: [] };
    const seen: number[] = [];
    const loss: Objective['loss'] = (groups) => {
      const cotangents = groups.map((group) => group.map(({ values }) => values.logp.map(() => 0)));
      seen.push(...cotangents.flat().map(({ length }) => length));
      return { loss: 0, cotangents, metrics: {} };
    };
    const passes = new ObjectivePasses(engine, layout, { ...bare, reference: false, loss });
    await passes.train(pairs, () => () => 0.5);
    expect(seen).toEqual([37, 4, 6, 9, 297, 277]);
    await engine.release();
  });

  test('the halves of a pass apart are the whole of it', async () => {
    const engine = new TrainEngine(backend, await loraModel(), { residuals: 'save' });
    const [batch] = microBatches(pairs, layout);
    const whole = await engine.accumulate(batch, 0.25, () => 0.5);
    const gradients = [...engine.gradients.values()].map((values) => values.slice());
    engine.zeroGradients();
    const pass = await engine.forward(batch, () => 0.5);
    const { logp } = await engine.measure(pass, ['logp']);
    await engine.backward(pass, { logp: logp.map(() => -0.25) }, 1);
    expect([...engine.gradients.values()]).toEqual(gradients);
    expect(-logp.reduce((sum, value) => sum + value, 0)).toBeCloseTo(whole.loss, 3);
    await engine.release();
  });
});
