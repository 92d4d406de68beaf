import { describe, expect, test } from 'vitest';
import type { LoraOptions } from '../../../plugins/tuners/lora/arguments.js';
import { SeededRandom } from '../../../core/data/random.js';
import type { ResidualPolicy } from '../../../core/graph/index.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { batchOf, samplesOf, supervisedCount } from '../../../parity/compute.js';
import { LORA } from '../../../parity/lora-options.js';

const backend = await backendOf('onnxruntime');
const parity = parityCase('llama3');
const samples = samplesOf(parity.oracle);
const batch = batchOf(samples);
const scale = 1 / supervisedCount(samples);

/** The base model with LoRA whose B is not zero. */
async function loraModel(options: Partial<LoraOptions> = {}): Promise<CausalLM> {
  const { model } = await loadCase(parity);
  const random = SeededRandom.seeded(3);
  await (await plugins().resolve('tuner', 'lora')).instance.apply(model, { ...LORA, ...options }, random);
  for (const [name, { data }] of model.namedParameters()) {
    if (name.includes('lora_B')) data!.forEach((_, i) => (data![i] = 0.1 * random.normal()));
  }
  return model;
}

/** One micro-batch with the dropout masks of a seed. */
async function run(model: CausalLM, seed: number, residuals: ResidualPolicy = 'save') {
  const engine = new TrainEngine(backend, model, { residuals });
  const random = SeededRandom.seeded(seed);
  const { loss } = await engine.accumulate(batch, scale, () => random.uniform());
  const gradients = [...engine.gradients.values()].map((values) => values.slice());
  const { count } = engine.executables;
  await engine.release();
  return { loss: loss * scale, gradients, count };
}

describe('dropout', () => {
  test('draws other masks for another seed, the same for the same', async () => {
    const model = await loraModel();
    const [a, b, c] = [await run(model, 1), await run(model, 1), await run(model, 2)];
    expect(b).toEqual(a);
    expect(c.loss).not.toBe(a.loss);
  });

  test('is the same in the backward pass, whatever was kept for it', async () => {
    const model = await loraModel();
    expect((await run(model, 1, 'recompute')).gradients).toEqual((await run(model, 1)).gradients);
  });

  test('has the gradients that finite differences give', async () => {
    const model = await loraModel();
    const trained = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
    const { gradients } = await run(model, 1);
    const random = SeededRandom.seeded(4);
    for (const which of [0, 5, 9, trained.length - 1]) {
      const values = trained[which][1].data!;
      const direction = values.map(() => random.normal());
      const slope = direction.reduce((sum, d, i) => sum + d * gradients[which][i], 0);
      const original = values.slice();
      const lossAt = async (step: number): Promise<number> => {
        values.set(original.map((value, i) => value + step * direction[i]));
        return (await run(model, 1)).loss;
      };
      const step = 2e-3;
      const measured = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
      values.set(original);
      expect(Math.abs(measured - slope)).toBeLessThan(0.02 * Math.max(Math.abs(slope), 0.02));
    }
  });

  test('is off in evaluation', async () => {
    const [dropping, plain] = [await loraModel(), await loraModel({ lora_dropout: 0 })];
    const evaluate = async (model: CausalLM): Promise<number> => {
      const engine = new TrainEngine(backend, model, { residuals: 'save' });
      const { loss } = await engine.evaluate(batch);
      await engine.release();
      return loss;
    };
    expect(await evaluate(dropping)).toBe(await evaluate(plain));
    expect((await run(plain, 1)).loss).toBeCloseTo((await evaluate(plain)) * scale, 6);
  });
});

describe('what trains', () => {
  test('frozen parameters have no gradient, and the others the same as without them', async () => {
    const { model } = await loadCase(parity);
    const all = [...model.namedParameters()];
    for (const [, parameter] of all) parameter.trainable = true;
    const everything = await run(model, 1);
    const wanted = /layers\.1\.(self_attn\.v|mlp\.up)_proj|^model\.norm/;
    for (const [name, parameter] of all) parameter.trainable = wanted.test(name);
    const some = await run(model, 1);
    const expected = all.flatMap(([name], i) => (wanted.test(name) ? [everything.gradients[i]] : []));
    expect(some.gradients).toHaveLength(3);
    expect(some.gradients).toEqual(expected);
  });

  test('equal layers share their executables', async () => {
    const { model } = await loadCase(parity);
    for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
    // Embedding, block and both backwards, and the head with its loss: however many layers there are.
    expect((await run(model, 1)).count).toBe(5);
  });

  test('gradients add up until they are zeroed', async () => {
    const model = await loraModel({ lora_dropout: 0 });
    const engine = new TrainEngine(backend, model, { residuals: 'save' });
    const sums = () => [...engine.gradients.values()].map((values) => values.slice());
    await engine.accumulate(batch, scale, () => 0.5);
    const once = sums();
    await engine.accumulate(batch, scale, () => 0.5);
    expect(sums()).toEqual(once.map((values) => values.map((value) => 2 * value)));
    engine.zeroGradients();
    await engine.accumulate(batch, scale, () => 0.5);
    expect(sums()).toEqual(once);
    await engine.release();
  });
});
