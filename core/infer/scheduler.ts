/** Conversations that are answered side by side: each in a slot of the engine, the others wait for one. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Random } from '../contracts/random.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import type { SlotPrompt } from '../runtime/slot.js';
import { firstNonFinite } from '../io/non-finite.js';
import { GrowingAnswer, type Answer, type FinishReason, type Stops } from './growing-answer.js';
import { pickToken, type SamplingOptions } from './sampling.js';

/** What is asked, with all that the answer hangs on: nothing of it is shared with what is answered beside. */
export interface SlotRequest extends SlotPrompt, Stops {
  readonly sampling: SamplingOptions;
  /** At least 1. */
  readonly max_new_tokens: number;
  /** Draws the tokens. */
  readonly random: Random;
  /** Gets pieces of text that are safe to print as they come; a stop word is never among them. */
  readonly onText?: (text: string) => void;
  /** Ends this answer where it is. */
  readonly signal?: AbortSignal;
}

/** What `Scheduler` asks of an engine; `S` is its handle of a slot. See `GenerateEngine`. */
export interface SlotEngine<S> {
  admit(
    prompts: readonly SlotPrompt[],
    room: number,
  ): Promise<readonly { readonly slot: S; readonly logits: Float32Array }[]>;
  step(tokens: ReadonlyMap<S, number>): Promise<ReadonlyMap<S, Float32Array>>;
  isFull(slot: S): boolean;
  free(slot: S): void;
}

/** Tokens a slot has room for from the start; it grows when answers get longer. */
const ROOM = 256;

interface Waiting {
  readonly request: SlotRequest;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Running<S> extends Waiting {
  readonly slot: S;
  readonly answer: GrowingAnswer;
}

/**
 * Answers requests in the order they come, as many at once as there are slots. One that ends, or is told to, gives its slot
 * to the next before the next token of the others. Those that wait at one time are read as one batch.
 */
export class Scheduler<S> {
  private readonly waiting: Waiting[] = [];
  private running: Running<S>[] = [];
  private work?: Promise<void>;

  /**
   * @param slots answered side by side; those above wait
   * @param fault what to throw where a model's logits are not finite
   */
  constructor(
    private readonly engine: SlotEngine<S>,
    private readonly tokenizer: Tokenizer,
    public slots: number,
    private readonly fault: () => Promise<Error>,
  ) {}

  /** The answer to one request. @throws what reading its prompt throws, or `fault`; the others go on */
  answer(request: SlotRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.work ??= this.serve();
    });
  }

  /** Settles when nothing is left to answer. */
  async idle(): Promise<void> {
    await this.work;
  }

  private async serve(): Promise<void> {
    // All that is asked in one turn of the event loop begins together. Between steps it lets others ask and abort.
    while ((await turn(), this.endAborted(), this.waiting.length + this.running.length > 0)) {
      const free = Math.max(0, this.slots - this.running.length);
      const next = this.waiting.splice(0, free);
      if (next.length > 0) await this.admit(next);
      // Who left its slot at its first token leaves it to the next at once.
      if (this.running.length < this.slots && this.waiting.length > 0) continue;
      if (this.running.length > 0) await this.step();
    }
    this.work = undefined;
  }

  /** Reads prompts. Where that fails, one by one, so that only those fail that cannot be read. */
  private async admit(next: readonly Waiting[]): Promise<void> {
    const requests = next.map(({ request }) => request);
    const most = Math.max(...requests.map(({ max_new_tokens }) => max_new_tokens));
    const admitted = await this.engine.admit(requests, Math.min(most, ROOM)).catch((error: unknown) => {
      if (next.length === 1) next[0].reject(error);
    });
    if (!admitted) {
      if (next.length > 1) for (const one of next) await this.admit([one]);
      return;
    }
    const entered = admitted.map(({ slot, logits }, i) => {
      const { request } = next[i];
      const answer = new GrowingAnswer(request.ids, this.tokenizer, request, request.onText);
      return { one: { ...next[i], slot, answer }, logits };
    });
    this.running.push(...entered.map(({ one }) => one));
    for (const { one, logits } of entered) await this.take(one, logits, firstNonFinite(logits) < 0);
  }

  private async step(): Promise<void> {
    const { running } = this;
    const tokens = running.map(({ slot, answer }) => [slot, answer.seen.at(-1)!] as const);
    try {
      const logits = await this.engine.step(new Map(tokens));
      for (const one of running) await this.take(one, logits.get(one.slot)!);
    } catch (error) {
      for (const one of running) this.leave(one, () => one.reject(error));
    }
  }

  /** Takes the next token of an answer, perhaps its last. @param isSound whether all logits are numbers, as far as is known */
  private async take(one: Running<S>, logits: Float32Array, isSound = true): Promise<void> {
    const { request, answer, slot } = one;
    const { sampling, random, max_new_tokens } = request;
    try {
      this.silence(logits, answer);
      const id = isSound ? pickToken(logits, answer.seen, sampling, random) : -1;
      if (!isSound || !Number.isFinite(logits[id])) throw await this.fault();
      answer.push(id);
    } catch (error) {
      this.leave(one, () => one.reject(error));
      return;
    }
    if (answer.isFinished || answer.length >= max_new_tokens || this.engine.isFull(slot))
      this.end(one, 'length');
  }

  /** Takes out what the checkpoint says that answers do not hold, or do not begin with. */
  private silence(logits: Float32Array, answer: GrowingAnswer): void {
    const { suppress_tokens = [], begin_suppress_tokens = [] } = this.tokenizer;
    for (const id of suppress_tokens) logits[id] = -Infinity;
    if (answer.length > 0) return;
    for (const id of begin_suppress_tokens) logits[id] = -Infinity;
  }

  private endAborted(): void {
    const isAborted = ({ request }: Waiting): boolean => request.signal?.aborted === true;
    for (const one of this.running.filter(isAborted)) this.end(one, 'abort');
    for (const one of this.waiting.filter(isAborted)) {
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve({ text: '', ids: [], finish_reason: 'abort' });
    }
  }

  private end(one: Running<S>, otherwise: Exclude<FinishReason, 'stop'>): void {
    this.leave(one, () => {
      try {
        one.resolve(one.answer.end(otherwise));
      } catch (error) {
        // Whoever is told of the last piece of text may throw.
        one.reject(error);
      }
    });
  }

  private leave(one: Running<S>, settle: () => void): void {
    this.engine.free(one.slot);
    this.running = this.running.filter((other) => other !== one);
    settle();
  }
}
