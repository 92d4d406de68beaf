import { expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/random.js';
import type { ResidualPolicy } from '../../../core/graph/index.js';
import { ScratchFile } from '../../../core/io/scratch-file.js';
import { spill } from '../../../core/model/bind-weights.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { weightEntries } from '../../../core/runtime/memory-report.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { batchOf, samplesOf, supervisedCount } from '../../../parity/compute.js';
import { temporaryFolder } from '../io/temporary-folder.js';
import { LORA } from '../../../parity/lora-options.js';

const backend = await backendOf('onnxruntime');
const parity = parityCase('llama3');
const samples = samplesOf(parity.oracle);

/** Losses and gradients of two micro-batches, and of an evaluation. */
async function run(residuals: ResidualPolicy, { weightsOnDisk }: { weightsOnDisk: boolean }) {
  const { model } = await loadCase(parity);
  await (await plugins().resolve('tuner', 'lora')).instance.apply(model, LORA, SeededRandom.seeded(3));
  const scratch = await ScratchFile.open(temporaryFolder());
  if (weightsOnDisk) {
    const frozen = model.blocks.flatMap((block) => [...block.namedParameters()].map(([, p]) => p));
    for (const p of frozen) if (!p.trainable && p.shape.length > 1) await spill(p, p.weight, scratch);
  }
  const engine = new TrainEngine(backend, model, { residuals, scratch });
  const random = SeededRandom.seeded(7);
  const losses: number[] = [];
  for (let i = 0; i < 2; i++) {
    const scale = 1 / supervisedCount(samples);
    losses.push((await engine.accumulate(batchOf(samples), scale, () => random.uniform())).loss);
  }
  losses.push((await engine.evaluate(batchOf(samples))).loss);
  const gradients = [...engine.gradients.values()].map((values) => values.slice());
  const memory = new Map(
    [...weightEntries(model), ...engine.memory()].map(({ what, bytes }) => [what, bytes]),
  );
  const { bytes } = scratch;
  await engine.release();
  await scratch.close();
  return { result: { losses, gradients }, memory, bytes };
}

test('activations or weights on disk change nothing, bit for bit', async () => {
  const { result } = await run('save', { weightsOnDisk: false });
  for (const residuals of ['save', 'recompute', 'offload'] as const) {
    expect((await run(residuals, { weightsOnDisk: true })).result).toEqual(result);
  }
  const offloaded = await run('offload', { weightsOnDisk: false });
  expect(offloaded.result).toEqual(result);
  expect(offloaded.bytes).toBeGreaterThan(0);
});

test('the account tells what is in memory from what is on disk', async () => {
  const resident = await run('save', { weightsOnDisk: false });
  const streamed = await run('save', { weightsOnDisk: true });
  const onDisk = streamed.memory.get('weights on disk, f32')!;
  expect(onDisk).toBeGreaterThan(0);
  expect(streamed.memory.get('weights, f32')! + onDisk).toBe(resident.memory.get('weights, f32'));
  expect(streamed.bytes).toBe(onDisk);
  // Two blocks at a time: the one in use and the one being read.
  expect(streamed.memory.get('weights being read')).toBeLessThanOrEqual(onDisk);
});
