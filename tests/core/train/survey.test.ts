import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import { MemoryPlan, SeededRandom } from '../../../core/data/index.js';
import { runLoop, type LoopJob } from '../../../core/train/loop.js';
import { optimizedBy } from '../../../core/train/optimized.js';
import { plugins } from '../../../parity/cases.js';
import { job, OPTIONS } from './tiny-job.js';

const services = plugins();
const random = SeededRandom.seeded(5);

function sequence(prompt: readonly number[], length: number, label: boolean): Sample {
  const answer = Array.from({ length }, () => 1 + random.below(31));
  return {
    input_ids: [...prompt, ...answer],
    labels: [...prompt.map(() => -100), ...answer],
    label,
  };
}

const prompts = [3, 5, 2, 6, 4, 3].map((length) => Array.from({ length }, () => 1 + random.below(31)));

/** Six rows: steps of four leave a window of two. */
const ROWS: Readonly<Record<string, readonly Sample[]>> = {
  pairs: prompts.map((prompt, i) => ({
    ...sequence(prompt, 2 + (i % 3), true),
    partners: [sequence(prompt, 4 - (i % 2), false)],
  })),
  labelled: prompts.map((prompt, i) => sequence(prompt, 2 + (i % 4), i % 3 !== 1)),
};

/** Losses that depend on other rows of a step. */
const CASES = [
  ['dpo', { loss_type: ['aot'], beta: 0.5 }, 'pairs'],
  ['dpo', { loss_type: ['aot_unpaired'], beta: 0.5 }, 'pairs'],
  ['kto', { beta: 0.5 }, 'labelled'],
  ['kto', { beta: 0.5 }, 'pairs'],
] as const;

const PLAIN = { ...OPTIONS, eval_strategy: 'no', num_train_epochs: 1 } as const;

async function run(trainer: string, options: object, changes: Partial<LoopJob>) {
  const { instance, meta } = await services.resolve('trainer', trainer);
  const seen: Record<string, number>[] = [];
  const made = job({
    trainer: optimizedBy(instance, pluginOptions(meta, options)),
    validation: [],
    // A model of its own: what it is held against does not train with it.
    reference: { model: job().model },
    observers: [
      {
        onStep: ({ loss, gradientNorm, metrics }) => void seen.push({ loss, gradientNorm, ...metrics }),
        onEvaluate: ({ loss, metrics }) => void seen.push({ eval_loss: loss, ...metrics }),
      },
    ],
    ...changes,
  });
  await runLoop(made);
  const weights = [...made.model.namedParameters()].map(([, { data }]) => data!.slice());
  return { seen, weights };
}

describe.each(CASES)('%s %j on %s', (trainer, options, rows) => {
  const samples = ROWS[rows];
  const epochs = { ...PLAIN, num_train_epochs: 2 };

  test('accumulated batches are the full batch, to the bit', async () => {
    const of = (batch_size: number, gradient_accumulation_steps: number) =>
      run(trainer, options, {
        options: { ...epochs, batch_size, gradient_accumulation_steps },
        data: { samples },
      });
    const full = await of(4, 1);
    expect(await of(2, 2)).toEqual(full);
    expect(await of(1, 4)).toEqual(full);
    expect(full.seen).toHaveLength(4);
    expect(full.seen[0].loss).not.toBeCloseTo(full.seen[3].loss, 4);
  });

  test('a window that is not full is a step of its own rows alone', async () => {
    const still = { ...PLAIN, learning_rate: 1e-30 } as const;
    const { seen } = await run(trainer, options, { options: still, data: { samples }, reference: nudged() });
    const { samples: rest } = new MemoryPlan({ samples }, { samplesPerStep: 4, seed: still.seed }).at(1);
    expect([seen.length, rest.length]).toEqual([2, 2]);
    const alone = await run(trainer, options, {
      options: still,
      data: { samples: rest },
      reference: nudged(),
    });
    for (const [name, value] of Object.entries(seen[1]))
      expect(alone.seen[0][name], name).toBeCloseTo(value, 5);
    expect(Object.keys(alone.seen[0])).toEqual(Object.keys(seen[1]));
  });

  test('what the reference says before training is what it says in a step', async () => {
    const changes = { options: epochs, data: { samples } };
    const asked = await run(trainer, options, { ...changes, reference: nudged() });
    const known = await run(trainer, options, { ...changes, reference: { ...nudged(), precompute: true } });
    for (const [i, step] of asked.seen.entries())
      for (const [name, value] of Object.entries(step))
        expect(known.seen[i][name], name).toBeCloseTo(value, 4);
  });

  test('an evaluation takes all its rows together', async () => {
    const still = { ...PLAIN, learning_rate: 1e-30, batch_size: 6, gradient_accumulation_steps: 1 };
    const changes = {
      options: { ...still, eval_strategy: 'steps' as const },
      data: { samples },
      validation: samples,
      reference: nudged(),
    };
    const { seen } = await run(trainer, options, changes);
    const order = new MemoryPlan({ samples }, { samplesPerStep: 6, seed: still.seed }).at(0).samples;
    const isSameOrder = order.every((sample, i) => sample === samples[i]);
    expect(isSameOrder).toBe(false);
    // Neighbours differ, ranks do not.
    if (trainer === 'dpo') expect(seen[1].eval_loss).toBeCloseTo(seen[0].loss, 5);
    expect(Number.isFinite(seen[1].eval_loss)).toBe(true);
  });
});

/** A reference that says something else than the model. */
function nudged(): NonNullable<LoopJob['reference']> {
  const { model } = job();
  const own = SeededRandom.seeded(17);
  for (const [, parameter] of model.namedParameters())
    parameter.data = parameter.data!.map((value) => value + 0.05 * own.normal());
  return { model };
}

test('the margin of good and bad answers is that of their means', async () => {
  const changes = { options: PLAIN, data: { samples: ROWS.labelled }, reference: nudged() };
  const { seen } = await run('kto', { beta: 0.5 }, changes);
  expect(seen[0]['rewards/margins']).toBeCloseTo(seen[0]['rewards/chosen'] - seen[0]['rewards/rejected'], 5);
  expect(seen[0]['rewards/margins']).not.toBeCloseTo(0, 3);
});

test('a measure of nothing is not logged: a step of good answers alone has no bad ones', async () => {
  const samples = ROWS.labelled.filter(({ label }) => label);
  const { seen } = await run('kto', {}, { options: PLAIN, data: { samples }, reference: nudged() });
  expect(seen[0]).toHaveProperty('rewards/chosen');
  for (const name of ['rewards/rejected', 'rewards/margins', 'logps/rejected', 'logits/rejected'])
    expect(seen[0]).not.toHaveProperty(name);
});
