/** `swift sample`: many answers to each row, of which the best become data. */
import { createHash } from 'node:crypto';
import { commandArguments } from '../config/commands.js';
import { resolveArguments } from '../config/resolve.js';
import type { JudgedAnswer } from '../contracts/reward.js';
import type { AskedRow } from '../contracts/row.js';
import { askedOf } from '../data/asked-row.js';
import { atOrigin, type LoadedRow } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { refuseMedia } from '../template/index.js';
import { weighted } from '../train/rollout-passes.js';
import { namedRewards, scoresOf, type ChosenReward } from './chosen-rewards.js';
import { loadDatasets, type DataOptions } from './datasets.js';
import { loadRewardModels } from './reward-models.js';
import { chosenAnswers } from './sample-choice.js';
import { SampleFile, type SampledRow } from './sample-file.js';
import { openSampler, type SampleArguments, type SampledAnswer, type Sampler } from './sampler.js';
import type { Services } from './services.js';

export type { SampleArguments };

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
  const sampler = await openSampler(args, services);
  const models = await loadRewardModels(args, args.reward_weights.slice(named.length), services);
  const { max_new_tokens, stop_words } = args;
  const key = JSON.stringify([sampler.source, max_new_tokens, stop_words, rewardsKey(args), choiceKey(args)]);
  try {
    const wanted = rows.map((row, number) => {
      try {
        const asked = inContext(row, args.system ?? sampler.system);
        sampler.check(asked);
        return { asked, id: sampleId(key, number, asked), number };
      } catch (error) {
        throw atOrigin(error, row.origin);
      }
    });
    const judge = { args, rewards: [...named, ...models], sampler };
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
    await sampler.release();
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

function rewardsKey({ reward_funcs, reward_model, reward_weights, reward_prompt }: SampleArguments): unknown {
  return [reward_funcs, reward_model, reward_weights, ...(reward_prompt === null ? [] : [reward_prompt])];
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
  readonly sampler: Sampler;
}

/** Answers some rows. */
async function sampled(
  rows: readonly Wanted[],
  { args, rewards, sampler }: Judge,
): Promise<readonly SampledRow[]> {
  const { num_return_sequences: each, max_new_tokens: max_tokens } = args;
  const wanted = rows.flatMap(({ asked, number }) =>
    Array.from({ length: each }, (_, k) => ({ asked, number, k })),
  );
  const answers = await sampler.answer(wanted);
  const judged = answers.map(({ message, tokens, is_whole }, i): JudgedAnswer => {
    return { asked: wanted[i].asked, text: message.content, tokens, is_whole, max_tokens };
  });
  const scores = await scoresOf(judged, rewards);
  const weights = rewards.map(({ weight }) => weight);
  return rows.map(({ asked, id }, r) => {
    const own = answers.slice(r * each, (r + 1) * each);
    // Where nothing judges, all are kept.
    if (rewards.length === 0) return { id, kept: own.map((answer) => lineOf(id, asked, answer)) };
    const worth = own.map((answer, k) => {
      const text = answer.message.content;
      return { answer, text, reward: weighted(scores[r * each + k], weights) };
    });
    const { kept, rejected } = chosenAnswers(worth, args);
    return {
      id,
      kept: kept.map(({ answer, reward }) => ({
        ...lineOf(id, asked, answer),
        ...(rejected && { rejected_response: rejected.text }),
        reward,
      })),
    };
  });
}

function lineOf(id: string, { messages, tools }: AskedRow, { message }: SampledAnswer): object {
  return { id, messages: [...messages, message], ...(tools && { tools }) };
}
