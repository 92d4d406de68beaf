import { expect, test } from 'vitest';
import { MemoryPlan } from '../../../core/data/data-plan.js';
import { runLoop } from '../../../core/train/loop.js';
import type { SwiftError } from '../../../core/errors.js';
import type { TrainOptions } from '../../../core/train/options.js';

import { job, OPTIONS, SAMPLES } from './tiny-job.js';

/** First loss of a run. */
async function firstLoss(options: TrainOptions): Promise<{ loss: number; gradientNorm: number }> {
  const found: { loss: number; gradientNorm: number }[] = [];
  await runLoop(
    job({ options: { ...options, max_steps: 1 }, observers: [{ onStep: (step) => void found.push(step) }] }),
  );
  return found[0];
}

test('accumulated batches equal the full batch', async () => {
  const full = await firstLoss({ ...OPTIONS, batch_size: 6, gradient_accumulation_steps: 1 });
  const accumulated = await firstLoss({ ...OPTIONS, batch_size: 1, gradient_accumulation_steps: 6 });
  expect(accumulated.loss).toBeCloseTo(full.loss, 5);
  expect(accumulated.gradientNorm).toBeCloseTo(full.gradientNorm, 5);
});

test('the loss falls, evaluation keeps the best, and the last step saves', async () => {
  const losses: number[] = [];
  const saved: number[] = [];
  const state = await runLoop(
    job({
      options: { ...OPTIONS, num_train_epochs: 8 },
      observers: [{ onStep: ({ loss }) => void losses.push(loss) }],
      save: async ({ global_step }) => void saved.push(global_step),
    }),
  );
  expect(losses.at(-1)!).toBeLessThan(losses[0] - 0.5);
  expect(saved).toEqual([16]);
  expect(state.best_metric!).toBeLessThan(losses[0]);
});

test('it stops early after evaluations without a gain', async () => {
  const options = { ...OPTIONS, learning_rate: 1e-30, early_stop_interval: 2, num_train_epochs: 50 };
  const state = await runLoop(job({ options }));
  expect(state.global_step).toBe(3);
});

test('a loss that is not finite stops the run before it harms the weights, and says where', async () => {
  const broken = job();
  const [, parameter] = [...broken.model.namedParameters()][3];
  parameter.data![0] = Number.NaN;
  const failure = runLoop(broken);
  await expect(failure).rejects.toMatchObject({ code: 'NON_FINITE_LOSS', exitCode: 1 });
  await expect(failure).rejects.toThrow(/step 1: the loss is NaN/);
  const { cure } = (await failure.catch((error: unknown) => error)) as SwiftError;
  expect(cure).toEqual([
    "Before this step, tensor 'model.layers.0.self_attn.k_proj.weight' holds values that are NaN or infinite.",
    'The base model is damaged: get it again.',
  ]);
});

test('the cure speaks of a checkpoint when there is one', async () => {
  const broken = job({
    options: { ...OPTIONS, save_strategy: 'steps', save_steps: 1, eval_strategy: 'no' },
    observers: [{ onStep: () => void (parameter.data![0] = Number.POSITIVE_INFINITY) }],
  });
  const [, parameter] = [...broken.model.namedParameters()][3];
  const { cure } = (await runLoop(broken).catch((error: unknown) => error)) as SwiftError;
  expect(cure.slice(1)).toEqual([
    'Lower --learning_rate or raise --warmup_ratio.',
    'The last checkpoint is intact and can be resumed from.',
  ]);
});

test('a last window that is not full weighs its tokens as a batch of its own', async () => {
  const still = { ...OPTIONS, learning_rate: 1e-30, eval_strategy: 'no', num_train_epochs: 1 } as const;
  const seen: { loss: number; gradientNorm: number }[] = [];
  const observers = [
    { onStep: (step: { loss: number; gradientNorm: number }) => void seen.push({ ...step }) },
  ];
  await runLoop(job({ options: still, observers }));
  const plan = new MemoryPlan({ samples: SAMPLES }, { samplesPerStep: 4, seed: still.seed });
  const { samples: rest } = plan.at(1);
  expect([seen.length, rest.length]).toEqual([2, 2]);
  await runLoop(
    job({ options: { ...still, gradient_accumulation_steps: 1 }, data: { samples: rest }, observers }),
  );
  expect(seen[2].loss).toBeCloseTo(seen[1].loss, 5);
  expect(seen[2].gradientNorm).toBeCloseTo(seen[1].gradientNorm, 5);
});
