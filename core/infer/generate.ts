import type { Random } from '../contracts/random.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { firstNonFinite } from '../io/non-finite.js';
import { nonFiniteLogits } from '../model/non-finite-weights.js';
import type { GenerateEngine, MediaOfPrompts } from '../runtime/generate-engine.js';
import type { AdapterChoice } from '../runtime/row-adapters.js';
import { createTokenStream, type TokenStream } from '../tokenizer/index.js';
import { pickToken, type SamplingOptions } from './sampling.js';

export interface GenerateOptions extends SamplingOptions {
  readonly max_new_tokens: number;
  /** Ids that end an answer; they are not part of it. */
  readonly stopIds: readonly number[];
  /** Texts that end an answer; they are not part of it. */
  readonly stopWords: readonly string[];
  /** Pictures among the prompts' tokens. */
  readonly media?: MediaOfPrompts;
  /** The adapters of each answer; those active in the model where there is none. */
  readonly choices?: readonly (AdapterChoice | undefined)[];
  /** Ends all answers where they are. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly text: string;
  /** Generated ids, the stop token included. */
  readonly ids: readonly number[];
  readonly finish_reason: 'stop' | 'length' | 'abort';
}

/** Tokens the cache has room for from the start; it grows when answers get longer. */
const ROOM = 256;

/**
 * Answers several prompts at once, each drawing from its own of `randoms`. `onText` gets pieces of text that are safe to
 * print as they come; a stop word is never among them. @throws SwiftError NON_FINITE_WEIGHT
 */
export async function generate(
  engine: GenerateEngine,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
  randoms: readonly Random[],
  onText?: (row: number, text: string) => void,
): Promise<Answer[]> {
  const rows = prompts.map((prompt) => new Row(prompt, tokenizer, options));
  const { choices, media } = options;
  let logits = await engine.start(prompts, Math.min(options.max_new_tokens, ROOM), choices, media);
  const vocab = logits.length / prompts.length;
  if (firstNonFinite(logits) >= 0) throw await nonFiniteLogits(engine.model);
  for (let step = 0; step < options.max_new_tokens; step++) {
    for (const [i, row] of rows.entries()) {
      if (row.finished) continue;
      const id = pickToken(logits.subarray(i * vocab, (i + 1) * vocab), row.seen, options, randoms[i]);
      if (!Number.isFinite(logits[i * vocab + id])) throw await nonFiniteLogits(engine.model);
      const fresh = row.push(id);
      if (fresh) onText?.(i, fresh);
    }
    if (rows.every(({ finished }) => finished) || step + 1 === options.max_new_tokens) break;
    if (options.signal?.aborted || engine.isFull) break;
    logits = await engine.next(rows.map(({ seen }) => seen[seen.length - 1]));
  }
  return rows.map((row, i) => {
    const rest = row.finish();
    if (rest) onText?.(i, rest);
    return row.answer();
  });
}

/** One answer as it grows. Text that could be the beginning of a stop word is held back. */
class Row {
  readonly seen: number[];
  finished = false;
  private readonly stream: TokenStream;
  private text = '';
  private given = 0;
  private readonly start: number;

  constructor(
    prompt: readonly number[],
    tokenizer: Tokenizer,
    private readonly options: GenerateOptions,
  ) {
    this.seen = [...prompt];
    this.start = prompt.length;
    this.stream = createTokenStream(tokenizer);
  }

  push(id: number): string {
    this.seen.push(id);
    if (this.options.stopIds.includes(id)) {
      this.finished = true;
      return this.give(this.text.length);
    }
    this.text += this.stream.push(id);
    const stop = this.firstStop();
    if (stop >= 0) {
      this.finished = true;
      this.text = this.text.slice(0, stop);
      return this.give(this.text.length);
    }
    return this.give(this.text.length - this.heldBack());
  }

  finish(): string {
    if (!this.finished) this.text += this.stream.flush();
    return this.give(this.text.length);
  }

  answer(): Answer {
    return {
      text: this.text,
      ids: this.seen.slice(this.start),
      finish_reason: this.finished ? 'stop' : this.options.signal?.aborted ? 'abort' : 'length',
    };
  }

  private give(end: number): string {
    const fresh = this.text.slice(this.given, end);
    this.given = Math.max(this.given, end);
    return fresh;
  }

  private firstStop(): number {
    const found = this.options.stopWords.map((word) => this.text.indexOf(word)).filter((at) => at >= 0);
    return found.length > 0 ? Math.min(...found) : -1;
  }

  /** Length of the longest end of the text that begins a stop word. */
  private heldBack(): number {
    const longest = Math.max(0, ...this.options.stopWords.map(({ length }) => length - 1));
    for (let length = Math.min(longest, this.text.length); length > 0; length--) {
      const end = this.text.slice(-length);
      if (this.options.stopWords.some((word) => word.startsWith(end))) return length;
    }
    return 0;
  }
}
