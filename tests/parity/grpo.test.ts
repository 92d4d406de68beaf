import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAdapter } from '../../core/adapter/adapter-files.js';
import { argumentsOf } from '../../core/config/plugin-arguments.js';
import { pluginOptions } from '../../core/config/plugin-options.js';
import type { Sample } from '../../core/contracts/template.js';
import { runLoop, type LoopJob } from '../../core/train/loop.js';
import { optimizedBy } from '../../core/train/optimized.js';
import type { Answering, JudgedDraw } from '../../core/train/rollout-passes.js';
import type { TrainerState } from '../../core/train/state.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import { makePasses } from '../../core/train/make-passes.js';
import { trainOptions, type AdapterOracle } from '../../parity/adapters.js';
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

/** What TRL's GRPO trainer computed (scripts/fixtures/grpo.py). */
interface GrpoOracle {
  readonly options: Readonly<Record<string, unknown>>;
  readonly max_completion_length: number;
  readonly prompts: readonly (readonly number[])[];
  readonly answers: readonly (readonly (readonly number[])[])[];
  readonly rewards: readonly (readonly (number | null)[])[];
  readonly weights: readonly number[];
  readonly optimizer: AdapterOracle['optimizer'];
  readonly advantages: readonly number[];
  readonly rolled: Readonly<Record<string, number>>;
  readonly losses: readonly number[];
  readonly metrics: readonly Readonly<Record<string, number>>[];
}

const backend = await backendOf('onnxruntime');
const services = plugins();

/** TRL's names of options, as ours. */
function optionsOf(oracle: GrpoOracle): object {
  const { options, answers, max_completion_length } = oracle;
  const { mask_truncated_completions, sapo_temperature_neg, multi_objective_aggregation, ...same } = options;
  return {
    temperature: 1,
    ...same,
    num_generations: answers[0].length,
    num_iterations: 2,
    max_completion_length,
    ...(mask_truncated_completions === true && { overlong_filter: true }),
    ...(sapo_temperature_neg !== undefined && { tau_neg: sapo_temperature_neg }),
    ...(multi_objective_aggregation === 'normalize_then_sum' && { scale_rewards: 'gdpo' }),
  };
}

/** Gives the recorded answers and rewards, whatever the model would. */
function recorded({ answers, prompts, rewards, weights }: GrpoOracle): Answering {
  return {
    rewards: weights.map((weight, i) => ({ id: `reward_${i}`, weight })),
    answer: (draws) => {
      const each = answers[0].length;
      const given = draws.map(({ ids }, i) => {
        const prompt = prompts.findIndex((known) => known.join() === ids.join());
        return answers[prompt][i % each];
      });
      return Promise.resolve(given.map((ids) => ({ ids, text: '', is_whole: ids.at(-1) === 2 })));
    },
    // Of answers in the order of the oracle's prompts.
    score: (judged) => {
      const each = answers[0].length;
      const said = judged.map(({ asked }, i) => {
        const place = Number(asked.columns.place) * each + (i % each);
        return rewards[place].map((reward) => reward ?? NaN);
      });
      return Promise.resolve(said);
    },
    release: () => Promise.resolve(),
  };
}

async function jobOf(oracle: GrpoOracle): Promise<LoopJob> {
  const { model } = await loadCase(parityCase('llama3'));
  const { instance: tuner } = await services.resolve('tuner', 'lora');
  await tuner.load!(model, await readAdapter(fixture('grpo', 'adapter')));
  const { instance } = await services.resolve('trainer', 'grpo');
  const declared = { arguments: argumentsOf('trainer', services.catalog.find('trainer', 'grpo')) };
  const samples = oracle.prompts.map((ids, place): Sample => {
    return { input_ids: ids, labels: ids.map(() => -100), asked: { messages: [], columns: { place } } };
  });
  return {
    model,
    backend,
    trainer: optimizedBy(instance, pluginOptions(declared, optionsOf(oracle))),
    validation: [],
    padTokenId: 0,
    observers: [],
    optimizer: (await services.resolve('optimizer', 'adamw_torch')).instance,
    options: { ...trainOptions(2, oracle.optimizer), batch_size: oracle.advantages.length },
    data: { samples },
    answering: recorded(oracle),
    save: () => Promise.resolve(),
  };
}

/** In the oracle's order, since a run shuffles its prompts. */
function inOrder(answers: readonly JudgedDraw[], each: number): readonly number[] {
  const groups = Array.from({ length: answers.length / each }, (_, i) =>
    answers.slice(i * each, (i + 1) * each),
  );
  groups.sort(([one], [other]) => Number(one.asked.columns.place) - Number(other.asked.columns.place));
  return groups.flat().map(({ advantage }) => advantage);
}

const cases = readdirSync(fixture('grpo')).filter((name) => name !== 'adapter');

describe.each(cases)('%s', (id) => {
  const oracle = readJson<GrpoOracle>(join(fixture('grpo', id), 'oracle.json'));

  test('advantages, losses, measures and gradients are those of TRL', async () => {
    const told: { answers?: readonly JudgedDraw[] } = {};
    const seen: { loss: number; metrics: Readonly<Record<string, number>> }[] = [];
    const states: TrainerState[] = [];
    const job = await jobOf(oracle);
    await runLoop({
      ...job,
      observers: [
        {
          onAnswers: ({ answers }) => void (told.answers = answers),
          onStep: ({ loss, metrics, state }) => {
            seen.push({ loss, metrics });
            states.push(structuredClone({ ...state, log_history: [] }));
          },
        },
      ],
    });
    const advantages = inOrder(told.answers!, oracle.answers[0].length);
    advantages.forEach((one, i) => expect(one).toBeCloseTo(oracle.advantages[i], 5));
    expect(seen).toHaveLength(2);
    seen.forEach(({ loss, metrics }, step) => {
      expect(loss, `loss of step ${step}`).toBeCloseTo(oracle.losses[step], 4);
      const expected = { ...oracle.rolled, ...oracle.metrics[step] };
      for (const [name, value] of Object.entries(metrics)) {
        // The oracle's lengths come with generation, which is not its own here.
        if (name.startsWith('rewards/') || name.startsWith('completions/')) continue;
        expect(expected, name).toHaveProperty([name]);
        expect(value, name).toBeCloseTo(expected[name], 3);
      }
    });
    // The answers of the second step are those of the first, and go along in its state.
    expect(states.map(({ rollout }) => rollout !== undefined)).toEqual([true, false]);
    await gradientsAreThose(job, states[0], id);
  });
});

/** Of the second step: the model is where the first left it. */
async function gradientsAreThose(job: LoopJob, state: TrainerState, id: string): Promise<void> {
  expect(state.rollout).toBeDefined();
  const fresh = await jobOf(readJson(join(fixture('grpo', id), 'oracle.json')));
  const options = { residuals: 'save' } as const;
  // One step of the loop, then the gradients of the next.
  await runLoop({ ...fresh, options: { ...fresh.options, max_steps: 1, lr_scheduler_type: 'constant' } });
  const { rollouts } = job.trainer.objective!;
  const engine = new TrainEngine(backend, fresh.model, {
    ...options,
    temperature: rollouts!.sampling.temperature,
  });
  const layout = { lengths: rowLengths(512), padTokenId: 0, packs: true };
  const { passes } = await makePasses({ ...fresh, resume: state }, engine, layout, {
    ...options,
    temperature: rollouts!.sampling.temperature,
  });
  await passes.train([], () => () => 0.5, 1);
  const named = [...fresh.model.namedParameters()].filter(([, { trainable }]) => trainable);
  const gradients = new Map(named.map(([name, parameter]) => [name, engine.gradients.get(parameter)!]));
  await engine.release();
  const expected = withoutPrefix(await readTensors(join(fixture('grpo', id), 'oracle.safetensors')));
  expect(gradients.size).toBe(expected.size);
  expect(gradientDistance(gradients, expected)).toBeLessThan(2e-4);
}
