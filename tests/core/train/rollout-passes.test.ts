import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import { argumentsOf } from '../../../core/config/plugin-arguments.js';
import { initializeHeads } from '../../../core/model/task-heads.js';
import { LiveAnswers } from '../../../core/infer/live-answers.js';
import { SeededRandom } from '../../../core/data/random.js';
import { runLoop, type LoopJob } from '../../../core/train/loop.js';
import { optimizedBy } from '../../../core/train/optimized.js';
import { stateFields, stateOf } from '../../../core/train/state-file.js';
import { promptsPerStep, type Answering, type JudgedDraw } from '../../../core/train/rollout-passes.js';
import type { TrainerState } from '../../../core/train/state.js';
import { trainOptions } from '../../../parity/adapters.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { LORA } from '../../../parity/lora-options.js';

const backend = await backendOf('onnxruntime');
const services = plugins();
const OPTIMIZER = { lr: 1e-2, betas: [0.9, 0.95], eps: 1e-8, weight_decay: 0.1, max_grad_norm: 1 } as const;

const prompts = [5, 4, 7, 3].map((length, place): Sample => {
  const random = SeededRandom.seeded(40 + place);
  const input_ids = Array.from({ length }, () => 3 + random.below(60));
  return { input_ids, labels: input_ids.map(() => -100), asked: { messages: [], columns: { place } } };
});

/** Answers of a model that trains, worth the share of even ids among them. */
async function jobOf(
  options: object,
  steps: number,
  more: Partial<LoopJob> = {},
  { lora_dropout = 0.1, trainerId = 'grpo' } = {},
): Promise<LoopJob> {
  const heads = trainerId === 'ppo' ? { value: true } : undefined;
  const loaded = await loadCase(parityCase('llama3'), { heads });
  initializeHeads(loaded.model, loaded.config, SeededRandom.seeded(2));
  const { instance: lora } = await services.resolve('tuner', 'lora');
  await lora.apply(loaded.model, { ...LORA, lora_dropout }, SeededRandom.seeded(3));
  const { instance } = await services.resolve('trainer', trainerId);
  const declared = { arguments: argumentsOf('trainer', services.catalog.find('trainer', trainerId)) };
  const told = { num_generations: 4, max_completion_length: 6, ...options };
  const trainer = optimizedBy(instance, pluginOptions(declared, told));
  // Stops are the template's; these prompts are ids alone.
  const live = new LiveAnswers(loaded, backend, trainer.objective!.rollouts!);
  const answering: Answering = {
    rewards: [{ id: 'even', weight: 1 }],
    answer: (draws) => live.answer(draws),
    score: (answers) => Promise.resolve(answers.map(({ tokens, text }) => [text.length / tokens])),
    release: () => live.release(),
  };
  return {
    model: loaded.model,
    backend,
    trainer,
    validation: [],
    padTokenId: 0,
    observers: [],
    optimizer: (await services.resolve('optimizer', 'adamw_torch')).instance,
    options: { ...trainOptions(steps, OPTIMIZER), batch_size: 8 },
    data: { samples: prompts },
    answering,
    save: () => Promise.resolve(),
    ...more,
  };
}

const weightsOf = (job: LoopJob): Float32Array[] =>
  [...job.model.parameters()].filter(([, { trainable }]) => trainable).map(([, { data }]) => data!.slice());

describe('a run that goes on', () => {
  // Three steps learn from the same answers.
  test.each([
    ['grpo', 1],
    ['grpo', 2],
    ['grpo', 3],
    ['ppo', 1],
    ['ppo', 3],
  ])('of %s comes to the same weights, bit for bit, from step %i', async (trainerId, until) => {
    const job = (more: Partial<LoopJob> = {}): Promise<LoopJob> =>
      jobOf({ num_iterations: 3, num_ppo_epochs: 3 }, 5, more, { trainerId });
    const whole = await job();
    await runLoop(whole);
    const first = await job();
    const held: { state?: TrainerState; weights?: Float32Array[]; moments?: Map<string, Float32Array> } = {};
    const stop = new AbortController();
    await runLoop({
      ...first,
      signal: stop.signal,
      observers: [{ onStep: ({ state }) => void (state.global_step === until && stop.abort()) }],
      save: (state) => {
        const written = JSON.parse(JSON.stringify(stateFields(state, '/run/checkpoint-1', {}))) as unknown;
        held.state = stateOf(written, 'trainer_state.json');
        held.weights = weightsOf(first);
        held.moments = new Map([...first.optimizer.state()].map(([name, data]) => [name, data.slice()]));
        return Promise.resolve();
      },
    });
    expect(held.state!.rollout !== undefined).toBe(until % 3 !== 0);
    const second = await job({ resume: held.state });
    const trained = [...second.model.parameters()].filter(([, { trainable }]) => trainable);
    trained.forEach(([, parameter], i) => (parameter.data = held.weights![i]));
    second.optimizer.load(held.moments!, new Map(trained.map(([name, { size }]) => [name, size])));
    await runLoop(second);
    expect(weightsOf(second)).toEqual(weightsOf(whole));
  });
});

test('a step comes to the same however it is split into passes', async () => {
  // Packed rows hold several answers; models whose rows do not share go one by one.
  const seen: number[][] = [];
  for (const loss_type of ['grpo', 'dapo', 'dr_grpo']) {
    const losses: number[] = [];
    for (const packs of [true, false]) {
      const job = await jobOf({ loss_type, num_iterations: 2 }, 2, {}, { lora_dropout: 0 });
      if (!packs) Object.defineProperty(job.model, 'packs', { get: () => false });
      await runLoop({ ...job, observers: [{ onStep: ({ loss }) => void losses.push(loss) }] });
    }
    seen.push(losses);
  }
  for (const [a, b, c, d] of seen) {
    expect(a).toBeCloseTo(c, 5);
    expect(b).toBeCloseTo(d, 4);
    expect(b).not.toBe(0);
  }
});

test('prompts whose answers are all worth the same are drawn anew, as often as is said', async () => {
  const rounds: number[] = [];
  const told: JudgedDraw[][] = [];
  const job = await jobOf({ dynamic_sample: true, max_resample_times: 2 }, 1);
  await runLoop({
    ...job,
    answering: {
      ...job.answering!,
      // Of the first prompts nothing differs, of the first ones drawn instead one does.
      score: (answers) => {
        rounds.push(answers.length);
        return Promise.resolve(answers.map((_, i) => [rounds.length === 2 && i === 0 ? 1 : 0]));
      },
    },
    observers: [{ onAnswers: ({ answers }) => void told.push([...answers]) }],
  });
  // Two prompts of four answers; then two others, of which one tells; then one more.
  expect(rounds).toEqual([8, 8, 4]);
  expect(told[0]).toHaveLength(8);
  expect(told[0].filter(({ advantage }) => advantage > 0)).toHaveLength(1);
});

test('a step that holds no whole number of prompts is refused, with the nearest that does', () => {
  const rollouts = { num_generations: 8 } as never;
  expect(promptsPerStep(16, rollouts)).toBe(2);
  expect(() => promptsPerStep(12, rollouts)).toThrow(/12 answers/);
});
