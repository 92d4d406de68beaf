import { describe, expect, test } from 'vitest';
import { bestMetric, isBetter } from '../../../core/train/best-metric.js';
import { runLoop } from '../../../core/train/loop.js';
import type { TrainerState } from '../../../core/train/state.js';
import { job, OPTIONS } from './tiny-job.js';

test('a name is taken with or without eval_, and but for losses greater is better', () => {
  expect(bestMetric('eval_loss', null)).toEqual({ metric_for_best_model: 'loss', greater_is_better: false });
  expect(bestMetric('rewards/accuracies', null).greater_is_better).toBe(true);
  expect(bestMetric('logps/chosen', false).greater_is_better).toBe(false);
});

test('an equal value is no better', () => {
  const greater = bestMetric('acc', null);
  expect([isBetter(0.5, undefined, greater), isBetter(0.5, 0.5, greater)]).toEqual([true, false]);
  expect([isBetter(0.6, 0.5, greater), isBetter(0.6, 0.5, bestMetric('loss', null))]).toEqual([true, false]);
});

/** The measures of each evaluation, and the state at the end. */
async function run(options: Partial<typeof OPTIONS>) {
  const evaluated: { readonly step: number; readonly loss: number; readonly acc: number }[] = [];
  const all = { ...OPTIONS, num_train_epochs: 6, ...options };
  const state: TrainerState = await runLoop(
    job({
      options: all,
      observers: [
        {
          onEvaluate: ({ state: { global_step: step }, loss, accuracy }) =>
            void evaluated.push({ step, loss, acc: accuracy! }),
        },
      ],
    }),
  );
  return { evaluated, state };
}

describe('the best checkpoint', () => {
  test('is the first with the greatest accuracy', async () => {
    const { evaluated, state } = await run(bestMetric('acc', null));
    const best = Math.max(...evaluated.map(({ acc }) => acc));
    expect(state.best_metric).toBe(best);
    expect(state.best_step).toBe(evaluated.find(({ acc }) => acc === best)!.step);
  });

  test('is the one with the greatest loss where that is said to be better, and stopping follows it', async () => {
    const { evaluated, state } = await run({
      ...bestMetric('loss', true),
      early_stop_interval: 3,
    });
    expect(state.best_step).toBe(1);
    expect(state.best_metric).toBe(evaluated[0].loss);
    expect(evaluated).toHaveLength(4);
  });

  test('of a metric that there is none of is refused before the first step', async () => {
    const steps: number[] = [];
    const failure = runLoop(
      job({
        options: { ...OPTIONS, ...bestMetric('los', null) },
        observers: [{ onStep: ({ state }) => void steps.push(state.global_step) }],
      }),
    );
    await expect(failure).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      exitCode: 2,
      cure: ["Did you mean 'loss'?", 'It has loss, acc.'],
    });
    expect(steps).toEqual([]);
  });
});
