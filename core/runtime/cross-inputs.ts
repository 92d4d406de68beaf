/** What tokens see of features that blocks of their own look at. */
import type { HostTensor } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import type { MediaSpan, SampleMedia } from '../contracts/processor.js';
import { MASKED } from '../graph/index.js';
import type { MediaTower } from '../nn/index.js';

/** Tokens of a sample, and its features among those of its row. */
interface CrossSample {
  /** Among all tokens: row · T + number. */
  readonly at: number;
  /** The first token's position in its sample, and how many follow each other. */
  readonly position: number;
  readonly count: number;
  readonly spans: readonly MediaSpan[];
  /** Number of the sample's first row of features. */
  readonly first: number;
}

export interface CrossInputs {
  /** [B, T, S] */
  readonly mask: HostTensor;
  /** [B, T] each; see `CrossContext`. */
  readonly attends: HostTensor;
  readonly feeds: HostTensor;
}

/** Rows of features that media have. */
export function crossedRows(media: SampleMedia | undefined, tower: MediaTower): number {
  return (media?.spans ?? []).reduce((sum, { grid }) => sum + tower.crossed(grid).rows, 0);
}

/**
 * A token sees the last picture up to its place, and those whose tokens stand right before that one's. One before all pictures of its
 * sample has no mask: it attends to all rows, padding too, but what the feed-forward makes of it is left out. So Transformers has it.
 */
export function crossInputs(
  [batch, length, keys]: readonly [number, number, number],
  samples: readonly CrossSample[],
  tower: MediaTower,
): CrossInputs {
  const size = batch * length;
  const mask = new Float32Array(size * keys).fill(MASKED);
  const [attends, feeds] = [new Float32Array(size), new Float32Array(size)];
  for (const { at, position, count, spans, first } of samples) {
    if (spans.length === 0) continue;
    let end = first;
    const places = spans.map(({ grid }) => {
      const { rows, held } = tower.crossed(grid);
      const start = end;
      end += rows;
      return [start, start + held] as const;
    });
    for (let i = 0; i < count; i++) {
      const row = (at + i) * keys;
      const seen = picturesAt(position + i, spans);
      attends[at + i] = 1;
      feeds[at + i] = seen.length > 0 ? 1 : 0;
      if (seen.length === 0) mask.fill(0, row + first, row + end);
      for (const picture of seen) mask.fill(0, row + places[picture][0], row + places[picture][1]);
    }
  }
  const shares = (data: Float32Array): HostTensor => ({ dtype: 'float32', shape: [batch, length], data });
  return {
    mask: { dtype: 'float32', shape: [batch, length, keys], data: mask },
    attends: shares(attends),
    feeds: shares(feeds),
  };
}

/** Numbers of the pictures that a position sees. */
function picturesAt(position: number, spans: readonly MediaSpan[]): number[] {
  const last = spans.findLastIndex(({ start }) => start <= position);
  if (last < 0) return [];
  let first = last;
  while (first > 0 && spans[first - 1].start + 1 === spans[first].start) first--;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Which row of all features each row of a batch has at each of its places, int32 [B · S]; 0 behind the last. @param rows how many each has */
export function crossIndex(rows: readonly number[], most: number): HostTensor {
  const data = new Int32Array(rows.length * most);
  let feature = 0;
  rows.forEach((count, row) => {
    for (let i = 0; i < count; i++) data[row * most + i] = feature++;
  });
  return { dtype: 'int32', shape: [data.length], data };
}

/** The ports of a batch's blocks that look at features. */
export function crossPorts(
  { batch, seq, samples, media }: Batch,
  tower: MediaTower,
): Readonly<Record<string, HostTensor>> {
  const rows = new Array<number>(batch).fill(0);
  const placed = samples.map(({ start, length }, i): CrossSample => {
    const row = Math.floor(start / seq);
    const first = rows[row];
    rows[row] += crossedRows(media?.[i], tower);
    return { at: start, position: 0, count: length, spans: media?.[i]?.spans ?? [], first };
  });
  const most = Math.max(...rows);
  const { mask, attends, feeds } = crossInputs([batch, seq, most], placed, tower);
  return {
    cross_index: crossIndex(rows, most),
    cross_mask: mask,
    cross_attends: attends,
    cross_feeds: feeds,
  };
}
