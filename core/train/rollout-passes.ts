/** Passes over answers that the model itself gives: prompts are answered, judged, and then learned from. */
import type { SampleMedia } from '../contracts/processor.js';
import type { JudgedAnswer } from '../contracts/reward.js';
import type { AnswerFacts, MeasuredAnswer, RewardedAnswer, Rollouts } from '../contracts/rollouts.js';
import { IGNORE_INDEX, type Sample } from '../contracts/template.js';
import { SwiftError } from '../errors.js';
import { microBatches, type MicroBatchOptions } from '../data/micro-batches.js';
import { SeededRandom } from '../data/random.js';
import type { TrainEngine } from '../runtime/train-engine.js';
import type { ObjectivePasses } from './objective-passes.js';
import type { Passes, PassResult } from './passes.js';
import type { Reference } from './reference.js';
import { rolloutMetrics } from './rollout-metrics.js';
import type { HeldRollout } from './state.js';
import { tokenSpans } from './token-spans.js';

/** A prompt that is answered once. */
export interface Draw {
  readonly ids: readonly number[];
  readonly media?: SampleMedia;
  /** Draws the tokens. */
  readonly random: SeededRandom;
}

/** An answer as it was given. */
export interface Drawn {
  readonly text: string;
  /** The stop token included. */
  readonly ids: readonly number[];
  readonly is_whole: boolean;
}

/** Answers prompts by the model as it stands, and judges what comes. */
export interface Answering {
  /** Of the reward functions, in their order. */
  readonly rewards: readonly { readonly id: string; readonly weight: number }[];
  answer(draws: readonly Draw[], by: AnswerFacts['by']): Promise<readonly Drawn[]>;
  /** What each function says of each answer, NaN where it says nothing. @throws SwiftError */
  score(answers: readonly JudgedAnswer[]): Promise<readonly (readonly number[])[]>;
  release(): Promise<void>;
}

/** An answer with what was made of it, for the table of a run. */
export interface JudgedDraw extends JudgedAnswer {
  readonly rewards: readonly number[];
  readonly reward: number;
  readonly advantage: number;
}

export interface RolloutParts {
  readonly rollouts: Rollouts;
  readonly answering: Answering;
  readonly engine: TrainEngine;
  readonly layout: MicroBatchOptions;
  /** What answers are held against as they come, where the loss does not ask again. */
  readonly reference?: Reference;
  /** Whether the value head is read. */
  readonly readsValues: boolean;
  readonly seed: number;
  /** Other prompts than those of the step, in place of some whose answers are all worth the same; none of a stream. */
  readonly otherPrompts?: (step: number, round: number, count: number) => readonly Sample[];
  /** Answers that a run which goes on has not learned from often enough. */
  readonly held?: HeldRollout;
  /** Is told the answers of a step. */
  readonly onAnswers: (step: number, answers: readonly JudgedDraw[]) => void;
}

/** A prompt with its answers. */
interface Answered extends Pick<AnswerFacts, 'by'> {
  readonly prompt: Sample;
  readonly answers: readonly (JudgedAnswer & RewardedAnswer & Pick<Drawn, 'ids'>)[];
}

export class RolloutPasses implements Passes {
  /** Answers that the next step learns from, too. */
  held?: HeldRollout;

  constructor(
    private readonly inner: ObjectivePasses,
    private readonly parts: RolloutParts,
  ) {
    this.held = parts.held;
  }

  async train(
    prompts: readonly Sample[],
    dropout: (i: number) => () => number,
    step: number,
  ): Promise<PassResult> {
    const { rollouts, onAnswers } = this.parts;
    const times = rollouts.num_iterations;
    const rollout =
      step % times === 0 || !this.held ? await this.rollOut(prompts, step, onAnswers) : this.held;
    this.held = (step + 1) % times === 0 ? undefined : rollout;
    const { samples, metrics } = rollout;
    const result = await this.inner.train(samples, dropout);
    return { ...result, metrics: { ...metrics, ...result.metrics }, tokens: tokensOf(samples) };
  }

  /** Each evaluation draws the same numbers. */
  async evaluate(prompts: readonly Sample[]): Promise<PassResult> {
    if (this.parts.rollouts.given?.by === 'rows')
      return this.inner.evaluate(prompts.map(({ given }) => given!));
    const answered = await this.answer(prompts, (prompt, answer) =>
      SeededRandom.stream(this.parts.seed, 'evaluation', prompt, answer),
    );
    const { samples, metrics } = await this.learned(answered, () => undefined);
    const result = await this.inner.evaluate(samples);
    return { ...result, metrics: { ...metrics, ...result.metrics } };
  }

  private async rollOut(
    prompts: readonly Sample[],
    step: number,
    onAnswers: RolloutParts['onAnswers'],
  ): Promise<HeldRollout> {
    const { seed, rollouts, otherPrompts } = this.parts;
    const { share, by } = rollouts.given ?? { share: 0, by: 'rows' };
    const isGiven = SeededRandom.stream(seed, 'onPolicy', step).uniform() < share;
    if (isGiven && by === 'rows') return { samples: prompts.map(({ given }) => given!), metrics: {} };
    const draw = (round: number) => (prompt: number, answer: number) =>
      SeededRandom.stream(seed, 'rollout', step, round, prompt, answer);
    if (isGiven) {
      const taught = await this.answer(prompts, draw(0), 'teacher');
      return this.learned(taught, (judged) => onAnswers(step, judged));
    }
    let answered = await this.answer(prompts, draw(0));
    for (let round = 1; otherPrompts && round <= rollouts.max_resample_times; round++) {
      const telling = answered.filter(isTelling);
      const missing = prompts.length - telling.length;
      if (missing === 0) break;
      const others = await this.answer(otherPrompts(step, round, missing), draw(round));
      const found = [...telling, ...others.filter(isTelling)];
      // Where too few are found, the step keeps its size by prompts that teach nothing.
      answered = [...found, ...answered.filter((one) => !isTelling(one))].slice(0, prompts.length);
    }
    return this.learned(answered, (judged) => onAnswers(step, judged));
  }

  private async answer(
    prompts: readonly Sample[],
    random: (prompt: number, answer: number) => SeededRandom,
    by: AnswerFacts['by'] = 'student',
  ): Promise<readonly Answered[]> {
    const { answering, rollouts } = this.parts;
    const { num_generations: each, max_completion_length: max_tokens } = rollouts;
    const draws = prompts.flatMap(({ input_ids, media }, prompt) =>
      Array.from({ length: each }, (_, answer): Draw => {
        return { ids: [...input_ids], media, random: random(prompt, answer) };
      }),
    );
    const drawn = await answering.answer(draws, by);
    const judged = drawn.map(({ text, ids, is_whole }, i): JudgedAnswer => {
      const asked = prompts[Math.floor(i / each)].asked!;
      return { asked, text, tokens: ids.length, is_whole, max_tokens };
    });
    const scores = await answering.score(judged);
    const weights = answering.rewards.map(({ weight }) => weight);
    const rewarded = judged.map((answer, i) => {
      const rewards = scores[i];
      return { ...answer, ids: drawn[i].ids, rewards, weights, reward: weighted(rewards, weights) };
    });
    return prompts.map((prompt, i) => ({ prompt, by, answers: rewarded.slice(i * each, (i + 1) * each) }));
  }

  /** Answers as samples with what they are worth. */
  private async learned(
    answered: readonly Answered[],
    onJudged: (answers: readonly JudgedDraw[]) => void,
  ): Promise<HeldRollout> {
    const { rollouts, answering } = this.parts;
    const groups = answered.map(({ answers }) => answers);
    const advantages = rollouts.advantages?.(groups) ?? groups.map((group) => group.map(() => 0));
    onJudged(groups.flatMap((group, i) => group.map((one, j) => ({ ...one, advantage: advantages[i][j] }))));
    const samples = answered.flatMap(({ prompt, by, answers }, i) =>
      answers.map(({ ids, is_whole }, j): Sample => {
        const isLearned = is_whole || !rollouts.overlong_filter;
        const { input_ids, labels, media } = prompt;
        return {
          input_ids: new Int32Array([...input_ids, ...ids]),
          labels: new Int32Array([...labels, ...(isLearned ? ids : ids.map(() => IGNORE_INDEX))]),
          media,
          answer: { by, advantage: advantages[i][j] },
        };
      }),
    );
    const metrics = rolloutMetrics(groups, answering.rewards);
    if (!rollouts.ofTokens && rollouts.num_iterations === 1) return { samples, metrics };
    const measured = await this.measured(samples, groups.flat());
    const facts = rollouts.ofTokens?.(measured);
    const known = samples.map((sample, i): Sample => {
      const { old_logp } = measured[i];
      return { ...sample, answer: { ...sample.answer!, old_logp, tokens: facts?.[i] } };
    });
    return { samples: known, metrics };
  }

  /** What the model says of its answers as it gave them, without dropout. */
  private async measured(
    samples: readonly Sample[],
    answers: readonly Pick<JudgedAnswer & RewardedAnswer, 'reward' | 'is_whole'>[],
  ): Promise<readonly MeasuredAnswer[]> {
    const { engine, layout, reference, readsValues } = this.parts;
    const places = new Map(samples.map((sample, i) => [sample, i]));
    const measured: MeasuredAnswer[] = [];
    for (const batch of microBatches(samples, layout)) {
      const { logp } = await engine.tokenValues(batch, ['logp']);
      const values = readsValues ? await engine.readValues(batch, 'value') : new Float32Array();
      const reference_logp = (await reference?.logp(batch)) ?? new Float32Array();
      const spans = tokenSpans(batch);
      batch.of.forEach((sample, i) => {
        const place = places.get(sample)!;
        const { reward, is_whole } = answers[place];
        const own = (all: Float32Array): Float32Array => all.slice(...spans[i]);
        const numbers = { old_logp: own(logp), values: own(values), reference_logp: own(reference_logp) };
        measured[place] = { reward, is_whole, ...numbers };
      });
    }
    return measured;
  }
}

/** Whether some answer is worth more than another. */
function isTelling({ answers }: Answered): boolean {
  return answers.some(({ reward }) => reward !== answers[0].reward);
}

/** The weighted sum of what rewards say, NaN where none says anything. */
export function weighted(rewards: readonly number[], weights: readonly number[]): number {
  const said = rewards.map((reward, i) => reward * weights[i]).filter((reward) => !Number.isNaN(reward));
  return said.length === 0 ? NaN : said.reduce((sum, reward) => sum + reward, 0);
}

function tokensOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { input_ids }) => sum + input_ids.length, 0);
}

/** A batch that does not hold whole groups of answers. @throws SwiftError BAD_ARGUMENT */
export function promptsPerStep(samplesPerStep: number, { num_generations: each }: Rollouts): number {
  if (samplesPerStep % each === 0) return samplesPerStep / each;
  const nearest = Math.max(1, Math.round(samplesPerStep / each)) * each;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--num_generations ${each}: a step of ${samplesPerStep} answers (--batch_size times --gradient_accumulation_steps) holds no whole number of prompts`,
    { cure: `Make it a multiple of ${each}: ${nearest} is the nearest.` },
  );
}
