import { describe, expect, test } from 'vitest';
import type { OptimizerParameter } from '../../core/contracts/optimizer.js';
import { SeededRandom } from '../../core/data/index.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { LORA } from '../../parity/lora-options.js';
import { backendOf, loadCase, parityCases, plugins, type ParityCase } from '../../parity/cases.js';
import { batchOf, samplesOf, supervisedCount } from '../../parity/compute.js';

const STEPS = 20;
const ADAM = { adam_beta1: 0.9, adam_beta2: 0.95, adam_epsilon: 1e-8, weight_decay: 0 };

const backend = await backendOf('onnxruntime');
const services = plugins();

/** Mean loss before each of a few steps of LoRA on the family's default layers. */
async function losses(parity: ParityCase): Promise<number[]> {
  const { model, loraTargets } = await loadCase(parity);
  const tuner = (await services.resolve('tuner', 'lora')).instance;
  await tuner.apply(model, { ...LORA, lora_dropout: 0, target_modules: loraTargets }, SeededRandom.seeded(3));
  const samples = samplesOf(parity.oracle);
  const scale = 1 / supervisedCount(samples);
  const engine = new TrainEngine(backend, model, { residuals: 'save' });
  const optimizer = (await services.resolve('optimizer', 'adamw_torch')).instance;
  const parameters = [...model.namedParameters()]
    .filter(([, { trainable }]) => trainable)
    .map(([name, parameter]): OptimizerParameter => {
      const slots = Array.from({ length: optimizer.slots }, () => new Float32Array(parameter.size));
      return { name, data: parameter.data!, grad: engine.gradients.get(parameter)!, slots, decay: false };
    });
  try {
    const seen: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      engine.zeroGradients();
      seen.push((await engine.accumulate(batchOf(samples), scale, () => 0.5)).loss * scale);
      optimizer.step(parameters, 1e-2, ADAM);
    }
    return seen;
  } finally {
    await engine.release();
  }
}

describe('LoRA on the default layers of its family', () => {
  test.each(parityCases())('lowers the loss of $id', async (parity) => {
    const seen = await losses(parity);
    expect(seen.at(-1)).toBeLessThan(0.9 * seen[0]);
  });
});
