/** `swift sample`: many answers to each row, of which the best become data. */
import { createHash } from 'node:crypto';
import type { CommandValues } from '../config/command-line.js';
import { commandArguments } from '../config/commands.js';
import { resolveArguments } from '../config/resolve.js';
import type { JudgedAnswer } from '../contracts/reward.js';
import type { AskedRow } from '../contracts/row.js';
import { askedOf } from '../data/asked-row.js';
import { atOrigin, SeededRandom, type LoadedRow } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { LiveAnswers } from '../infer/live-answers.js';
import { samplingOptions } from '../infer/sampling.js';
import { refuseMedia } from '../template/index.js';
import { weighted } from '../train/rollout-passes.js';
import { namedRewards, scoresOf, type ChosenReward } from './chosen-rewards.js';
import { loadDatasets, type DataOptions } from './datasets.js';
import { openAsked } from './infer.js';
import { loadRewardModels } from './reward-models.js';
import { chosenAnswers } from './sample-choice.js';
import { SampleFile, type SampledRow } from './sample-file.js';
import type { Services } from './services.js';

export type SampleArguments = CommandValues<'sample'>;

export interface SampleHooks {
  /** Told of each row that is done, and how many answers to it were kept. */
  readonly onRow?: (done: number, total: number, kept: number) => void;
  /** Ends the work after the rows under way. */
  readonly signal?: AbortSignal;
}

export interface SampleResult {
  readonly output: string;
  /** Rows that are done, of how many. */
  readonly done: number;
  readonly total: number;
  /** Lines that they come to. */
  readonly kept: number;
}

/** A row, and by what its answers are known again. */
interface Wanted {
  readonly asked: AskedRow;
  readonly ids: readonly number[];
  readonly id: string;
  readonly number: number;
}

/** @throws SwiftError for all that is wrong with arguments and rows, before the first answer */
export async function sample(
  args: SampleArguments,
  services: Services,
  hooks: SampleHooks = {},
): Promise<SampleResult> {
  const named = await namedRewards(args, services);
  const file = new SampleFile(args);
  try {
    return await sampleInto(file, named, args, services, hooks);
  } finally {
    file.release();
  }
}

async function sampleInto(
  file: SampleFile,
  named: readonly ChosenReward[],
  args: SampleArguments,
  services: Services,
  { onRow, signal }: SampleHooks,
): Promise<SampleResult> {
  const rows = await rowsOf(args, services);
  const backend = await services.backend();
  const { loaded, system } = await openAsked(args, services, backend.mapsFiles === true);
  const models = await loadRewardModels(args, args.reward_weights.slice(named.length), services);
  const sampling = samplingOptions({ ...args });
  const { max_new_tokens: max_completion_length, stop_words } = args;
  const answers = new LiveAnswers(
    loaded,
    backend,
    { sampling, max_completion_length, stop_words },
    { slots: args.max_batch_size },
  );
  const how = [loaded.source, args.ckpt_dir, args.seed, args.num_return_sequences, sampling];
  const key = JSON.stringify([how, max_completion_length, stop_words, rewardsKey(args), choiceKey(args)]);
  try {
    const { template, tokenizer } = loaded;
    const wanted = rows.map((row, number) => {
      try {
        const asked = inContext(row, args.system ?? system);
        const ids = template.prompt(asked.messages, tokenizer, { tools: asked.tools });
        return { asked, ids, id: sampleId(key, number, asked), number };
      } catch (error) {
        throw atOrigin(error, row.origin);
      }
    });
    const judge = { args, rewards: [...named, ...models], answers };
    const done = await file.done();
    const open = wanted.filter(({ id }) => !done.has(id));
    const finished = (): number => wanted.filter(({ id }) => done.has(id)).length;
    for (let at = 0; at < open.length && signal?.aborted !== true; at += args.num_sampling_batch_size) {
      const batch = open.slice(at, at + args.num_sampling_batch_size);
      for (const row of await sampled(batch, judge)) {
        file.append(row);
        done.set(row.id, row);
        onRow?.(finished(), wanted.length, row.kept.length);
      }
    }
    const all = wanted.flatMap(({ id }) => done.get(id) ?? []);
    if (all.length === wanted.length) await file.finish(all);
    const kept = all.reduce((sum, row) => sum + row.kept.length, 0);
    return { output: file.path, done: all.length, total: wanted.length, kept };
  } finally {
    await answers.release();
    for (const { instance } of models) await instance.release();
  }
}

async function rowsOf(args: SampleArguments, services: Services): Promise<readonly LoadedRow[]> {
  const { seed, dataset, dataset_seed, check_dataset_strategy } = args;
  if (dataset.length === 0) {
    throw new SwiftError('BAD_ARGUMENT', 'nothing is asked: --dataset is not given', {
      cure: 'Give a dataset whose rows are questions: --dataset questions.jsonl.',
    });
  }
  const defaults = resolveArguments('sft', commandArguments.sft, new Map()) as unknown as DataOptions;
  const asked = { seed, dataset, dataset_seed, check_dataset_strategy, dataset_test_ratio: 0 };
  const { train } = await loadDatasets({ ...defaults, ...asked, questions: true, columns: true }, services);
  const most = (args.num_sampling_batches ?? Infinity) * args.num_sampling_batch_size;
  return train.flatMap(({ rows }) => [...rows]).slice(0, most);
}

/** The conversation as it is asked, system prompt included. */
function inContext({ row }: LoadedRow, system: string | undefined): AskedRow {
  refuseMedia(row);
  const asked = askedOf(row);
  if (!system || asked.messages[0].role === 'system') return asked;
  return { ...asked, messages: [{ role: 'system', content: system }, ...asked.messages] };
}

function rewardsKey({ reward_funcs, reward_model, reward_weights }: SampleArguments): unknown {
  return [reward_funcs, reward_model, reward_weights];
}

function choiceKey({ n_best_to_keep, prm_threshold, easy_query_threshold }: SampleArguments): unknown {
  return [n_best_to_keep, prm_threshold, easy_query_threshold];
}

function sampleId(key: string, number: number, { messages, tools, expected }: AskedRow): string {
  const asked = JSON.stringify([key, number, messages, tools, expected]);
  return createHash('sha256').update(asked).digest('hex').slice(0, 32);
}

interface Judge {
  readonly args: SampleArguments;
  readonly rewards: readonly ChosenReward[];
  readonly answers: LiveAnswers;
}

/** Answers some rows. Each answer has random numbers of its own, whatever it is answered beside. */
async function sampled(rows: readonly Wanted[], judge: Judge): Promise<readonly SampledRow[]> {
  const { args, rewards, answers } = judge;
  const { num_return_sequences: each, max_new_tokens: max_tokens } = args;
  const draws = rows.flatMap(({ ids, number }) =>
    Array.from({ length: each }, (_, k) => {
      return { ids, random: SeededRandom.stream(args.seed, 'answer', number, k) };
    }),
  );
  const drawn = await answers.answer(draws);
  const judged = drawn.map(({ text, ids, is_whole }, i): JudgedAnswer => {
    return { asked: rows[Math.floor(i / each)].asked, text, tokens: ids.length, is_whole, max_tokens };
  });
  const scores = await scoresOf(judged, rewards);
  const weights = rewards.map(({ weight }) => weight);
  return rows.map(({ asked, id }, r) => {
    const own = judged.slice(r * each, (r + 1) * each).map(({ text }, k) => {
      return { text, reward: weighted(scores[r * each + k], weights) };
    });
    // Where nothing judges, all are kept.
    if (rewards.length === 0) return { id, kept: own.map(({ text }) => lineOf(id, asked, text)) };
    const { kept, rejected } = chosenAnswers(own, args);
    return {
      id,
      kept: kept.map(({ text, reward }) => ({
        ...lineOf(id, asked, text),
        ...(rejected && { rejected_response: rejected.text }),
        reward,
      })),
    };
  });
}

function lineOf(id: string, { messages, tools }: AskedRow, content: string): object {
  return { id, messages: [...messages, { role: 'assistant', content }], ...(tools && { tools }) };
}
