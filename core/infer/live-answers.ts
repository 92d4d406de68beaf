/** A model that answers while it trains. */
import type { Backend } from '../contracts/backend.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Rollouts } from '../contracts/rollouts.js';
import { WeightFiles } from '../io/weight-files.js';
import type { LoadedModel } from '../model/load-model.js';
import { nonFiniteLogits } from '../model/non-finite-weights.js';
import { GenerateEngine } from '../runtime/generate-engine.js';
import type { Slot } from '../runtime/slot.js';
import type { Draw, Drawn } from '../train/rollout-passes.js';
import { Scheduler } from './scheduler.js';

/** Answers written side by side: more gain little on a CPU, and each takes memory for its keys and values. */
const SLOTS = 16;

type Wanted = Pick<Rollouts, 'sampling' | 'max_completion_length' | 'stop_words'>;

export interface LiveAnswersOptions {
  /** Where offloaded weights lie. */
  readonly scratch?: Scratch;
  /** Answers written side by side. */
  readonly slots?: number;
}

/** Weights and adapters are read where they train, so that each answer is that of the model as it is. */
export class LiveAnswers {
  private readonly engine: GenerateEngine;
  private readonly scheduler: Scheduler<Slot>;

  constructor(
    private readonly loaded: Pick<LoadedModel, 'model' | 'tokenizer' | 'template'>,
    backend: Backend,
    private readonly wanted: Wanted,
    { scratch, slots = SLOTS }: LiveAnswersOptions = {},
  ) {
    const { model, tokenizer } = loaded;
    this.engine = new GenerateEngine(backend, model, scratch ?? new WeightFiles());
    this.scheduler = new Scheduler(this.engine, tokenizer, slots, () => nonFiniteLogits(model));
  }

  /** @param signal ends the answers where they are @throws SwiftError where the model's logits are no numbers */
  async answer(draws: readonly Draw[], signal?: AbortSignal): Promise<readonly Drawn[]> {
    const { template, tokenizer } = this.loaded;
    const { sampling, max_completion_length: max_new_tokens, stop_words } = this.wanted;
    const stops = {
      stopIds: template.stopIds(tokenizer),
      stopWords: [...template.stopWords, ...stop_words].filter((word) => word !== ''),
    };
    const answers = await Promise.all(
      draws.map(({ ids, media, random }) =>
        this.scheduler.answer({ ids, media, random, sampling, max_new_tokens, signal, ...stops }),
      ),
    );
    return answers.map(({ text, ids, finish_reason }) => ({ text, ids, is_whole: finish_reason === 'stop' }));
  }

  async release(): Promise<void> {
    await this.scheduler.idle();
    await this.engine.release();
  }
}
