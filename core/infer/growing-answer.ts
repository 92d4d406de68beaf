/** One answer as it grows, token by token. */
import type { Tokenizer } from '../contracts/tokenizer.js';
import { createTokenStream, type TokenStream } from '../tokenizer/index.js';

/** What ends an answer; none of it is part of the text. */
export interface Stops {
  readonly stopIds: readonly number[];
  readonly stopWords: readonly string[];
}

export type FinishReason = 'stop' | 'length' | 'abort';

export interface Answer {
  readonly text: string;
  /** Generated ids, the stop token included. */
  readonly ids: readonly number[];
  readonly finish_reason: FinishReason;
}

/** Text that could be the beginning of a stop word is held back until it is clear. */
export class GrowingAnswer {
  /** The prompt's ids and those of the answer so far. */
  readonly seen: number[];
  /** Whether it ended by itself. */
  finished = false;
  private readonly stream: TokenStream;
  private text = '';
  private given = 0;
  private readonly start: number;

  /** @param onText gets pieces of text that are safe to print as they come */
  constructor(
    prompt: readonly number[],
    tokenizer: Tokenizer,
    private readonly stops: Stops,
    private readonly onText?: (text: string) => void,
  ) {
    this.seen = [...prompt];
    this.start = prompt.length;
    this.stream = createTokenStream(tokenizer);
  }

  /** Tokens generated. */
  get length(): number {
    return this.seen.length - this.start;
  }

  push(id: number): void {
    this.seen.push(id);
    if (this.stops.stopIds.includes(id)) {
      this.finished = true;
      this.give(this.text.length);
      return;
    }
    this.text += this.stream.push(id);
    const stop = this.firstStop();
    if (stop >= 0) {
      this.finished = true;
      this.text = this.text.slice(0, stop);
      this.give(this.text.length);
      return;
    }
    this.give(this.text.length - this.heldBack());
  }

  /** The answer as it is, what was held back included. @param otherwise why it ended, where not by itself */
  end(otherwise: Exclude<FinishReason, 'stop'>): Answer {
    if (!this.finished) this.text += this.stream.flush();
    this.give(this.text.length);
    const finish_reason = this.finished ? 'stop' : otherwise;
    return { text: this.text, ids: this.seen.slice(this.start), finish_reason };
  }

  private give(end: number): void {
    const fresh = this.text.slice(this.given, end);
    this.given = Math.max(this.given, end);
    if (fresh) this.onText?.(fresh);
  }

  private firstStop(): number {
    const found = this.stops.stopWords.map((word) => this.text.indexOf(word)).filter((at) => at >= 0);
    return found.length > 0 ? Math.min(...found) : -1;
  }

  /** Length of the longest end of the text that begins a stop word. */
  private heldBack(): number {
    const longest = Math.max(0, ...this.stops.stopWords.map(({ length }) => length - 1));
    for (let length = Math.min(longest, this.text.length); length > 0; length--) {
      const end = this.text.slice(-length);
      if (this.stops.stopWords.some((word) => word.startsWith(end))) return length;
    }
    return 0;
  }
}
