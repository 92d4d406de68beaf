import { expect, test } from 'vitest';
import { runLoop } from '../../../core/train/loop.js';
import { job, OPTIONS } from './tiny-job.js';

/** Losses of a run whose weights stay as they are. */
async function losses(neftune_noise_alpha: number, seed = 1) {
  const [trained, evaluated]: [number[], number[]] = [[], []];
  await runLoop(
    job({
      options: { ...OPTIONS, learning_rate: 1e-30, num_train_epochs: 1, neftune_noise_alpha, seed },
      observers: [
        {
          onStep: ({ loss }) => void trained.push(loss),
          onEvaluate: ({ loss }) => void evaluated.push(loss),
        },
      ],
    }),
  );
  return { trained, evaluated };
}

test('noise is of training alone, the same in each run of a seed, and grows with alpha', async () => {
  const [plain, noisy, again, faint] = [
    await losses(0),
    await losses(5),
    await losses(5),
    await losses(1e-3),
  ];
  expect(noisy.evaluated).toEqual(plain.evaluated);
  expect(again).toEqual(noisy);
  const apart = (other: typeof plain) => Math.abs(other.trained[0] - plain.trained[0]);
  expect(apart(noisy)).toBeGreaterThan(1e-3);
  expect(apart(faint)).toBeLessThan(apart(noisy) / 100);
});
