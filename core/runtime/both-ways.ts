/** Which tokens of a causal model's sample see each other both ways: runs of them, and what each position then sees. */
import type { Batch } from '../contracts/batch.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { BothWays } from '../nn/index.js';
import type { OpenQueries } from './attention-mask.js';

/** What runs are known by. */
export interface OpenSample {
  /** Tokens up to where the answer begins. */
  readonly prompt: number;
  readonly media?: SampleMedia;
}

export class OpenRuns {
  /** Half-open, in order, of two tokens or more. */
  private readonly runs: readonly (readonly [start: number, end: number])[];

  constructor(
    private readonly kind: BothWays,
    { prompt, media }: OpenSample,
  ) {
    const runs = kind === 'prefix' ? [[0, prompt] as const] : joined(media);
    this.runs = runs.filter(([start, end]) => end - start > 1);
  }

  /** The positions that one sees, half-open. */
  seenFrom(position: number, window: number): readonly [first: number, end: number] {
    const first = Math.max(0, position + 1 - window);
    const run = this.runs.find(([start, end]) => start <= position && position < end);
    if (!run) return [first, position + 1];
    return [this.kind === 'prefix' ? Math.min(first, run[0]) : first, run[1]];
  }

  /** Whether some of the positions from `start` up to `end` see later ones. */
  within(start: number, end: number): boolean {
    return this.runs.some((run) => run[0] < end && run[1] > start);
  }

  /** Whether positions before and behind `end` see each other. */
  crosses(end: number): boolean {
    return this.runs.some((run) => run[0] < end && run[1] > end);
  }
}

/** Runs of features that are seen; media with nothing between are one, as Transformers has it. */
function joined(media: SampleMedia | undefined): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const { start, length, heard } of media?.spans ?? []) {
    if (heard) continue;
    const last = runs.at(-1);
    if (last?.[1] === start) last[1] += length;
    else runs.push([start, start + length]);
  }
  return runs;
}

/** The samples of a batch. An answer begins where labels do; without any, all is asked. */
export function* openQueries({ seq, labels, samples, media }: Batch, kind: BothWays): Iterable<OpenQueries> {
  for (const [i, { start, length }] of samples.entries()) {
    const first = labels.subarray(start, start + length).findIndex((label) => label >= 0);
    const runs = new OpenRuns(kind, { prompt: first < 0 ? length : first, media: media?.[i] });
    yield { at: start, firstKey: start % seq, position: 0, count: length, runs };
  }
}

/**
 * Where a piece of prompts ends that begins at `start`: at most `piece` positions on, and further only where every earlier end
 * would part tokens that see each other.
 * @param step ends are multiples of it
 */
export function pieceEnd(
  start: number,
  { piece, step, total }: { readonly piece: number; readonly step: number; readonly total: number },
  runs: readonly OpenRuns[],
): number {
  const parts = (end: number): boolean => runs.some((each) => each.crosses(end));
  let end = Math.min(start + piece, total);
  while (end > start && parts(end)) end -= step;
  if (end > start) return end;
  end = Math.min(start + piece, total);
  while (end < total && parts(end)) end += step;
  return end;
}
