/** One answer as it grows, token by token. */
import type { FoundObjects } from '../contracts/grounding.js';
import type { ToolCall } from '../contracts/row.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { createTokenStream, type TokenStream } from '../tokenizer/index.js';
import { StoppedText } from './stopped-text.js';

/** What ends an answer; none of it is part of the text. */
export interface Stops {
  readonly stopIds: readonly number[];
  readonly stopWords: readonly string[];
  /** Special tokens are part of the text: calls of tools may be written in some. */
  readonly keepsSpecialTokens?: boolean;
}

export type FinishReason = 'stop' | 'length' | 'abort';

export interface Answer {
  readonly text: string;
  /** Generated ids, the stop token included. */
  readonly ids: readonly number[];
  readonly finish_reason: FinishReason;
  /** Calls of tools that it was given; `text` is without them. Absent where it calls none. */
  readonly tool_calls?: readonly ToolCall[];
  /** Things that it speaks of, and their places in the first image, in pixels. Absent where it speaks of none. */
  readonly objects?: FoundObjects;
}

export class GrowingAnswer {
  /** The prompt's ids and those of the answer so far. */
  readonly seen: number[];
  private readonly stopIds: readonly number[];
  private readonly stream: TokenStream;
  private readonly text: StoppedText;
  private readonly start: number;
  private hasStopId = false;

  /** @param onText see `StoppedText` */
  constructor(
    prompt: readonly number[],
    tokenizer: Tokenizer,
    { stopIds, stopWords, keepsSpecialTokens = false }: Stops,
    onText?: (text: string) => void,
  ) {
    this.seen = [...prompt];
    this.start = prompt.length;
    this.stopIds = stopIds;
    this.stream = createTokenStream(tokenizer, { skipSpecialTokens: !keepsSpecialTokens });
    this.text = new StoppedText(stopWords, onText);
  }

  /** Tokens generated. */
  get length(): number {
    return this.seen.length - this.start;
  }

  /** Whether it ended by itself. */
  get isFinished(): boolean {
    return this.hasStopId || this.text.isStopped;
  }

  push(id: number): void {
    this.seen.push(id);
    this.hasStopId = this.stopIds.includes(id);
    if (!this.hasStopId) this.text.push(this.stream.push(id));
  }

  /** The answer as it is. @param otherwise why it ended, where not by itself */
  end(otherwise: Exclude<FinishReason, 'stop'>): Answer {
    if (!this.isFinished) this.text.push(this.stream.flush());
    const finish_reason = this.isFinished ? 'stop' : otherwise;
    return { text: this.text.end(), ids: this.seen.slice(this.start), finish_reason };
  }
}
