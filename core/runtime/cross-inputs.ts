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

/** A token that stands for a picture, or a tile of one. */
interface PictureToken {
  readonly position: number;
  /** Its rows among those of its sample, `held` of which hold something. */
  readonly start: number;
  readonly end: number;
  readonly held: number;
}

function pictureTokens(spans: readonly MediaSpan[], tower: MediaTower): PictureToken[] {
  let end = 0;
  return spans.flatMap(({ start: first, length, grid }) => {
    const { rows, held } = tower.crossed(grid);
    return Array.from({ length }, (_, i) => {
      const start = end;
      end += rows;
      return { position: first + i, start, end, held: start + held };
    });
  });
}

/** Rows of features that media have. */
export function crossedRows(media: SampleMedia | undefined, tower: MediaTower): number {
  return (media?.spans ?? []).reduce((sum, { length, grid }) => sum + length * tower.crossed(grid).rows, 0);
}

/**
 * A token sees the last picture up to its place, and those whose tokens stand right before that one's. One before all pictures of its
 * sample has no mask: it attends to all rows, padding too, but what the feed-forward makes of it is left out. So Transformers has it.
 * Or it sees all pictures from `seenFrom` on, see `Crossing`.
 */
export function crossInputs(
  [batch, length, keys]: readonly [number, number, number],
  samples: readonly CrossSample[],
  tower: MediaTower,
  seenFrom?: number,
): CrossInputs {
  const size = batch * length;
  const mask = new Float32Array(size * keys).fill(MASKED);
  const [attends, feeds] = [new Float32Array(size), new Float32Array(size)];
  for (const { at, position, count, spans, first } of samples) {
    if (spans.length === 0) continue;
    const tokens = pictureTokens(spans, tower);
    for (let i = 0; i < count; i++) {
      const row = (at + i) * keys + first;
      const seen =
        seenFrom === undefined
          ? lastPictures(position + i, tokens)
          : tokens.filter((token) => token.position + seenFrom <= position + i);
      attends[at + i] = 1;
      feeds[at + i] = seen.length > 0 ? 1 : 0;
      if (seen.length === 0 && seenFrom === undefined) mask.fill(0, row, row + tokens.at(-1)!.end);
      for (const { start, held } of seen) mask.fill(0, row + start, row + held);
    }
  }
  const shares = (data: Float32Array): HostTensor => ({ dtype: 'float32', shape: [batch, length], data });
  return {
    mask: { dtype: 'float32', shape: [batch, length, keys], data: mask },
    attends: shares(attends),
    feeds: shares(feeds),
  };
}

/** The last picture up to a position, and those right before it. */
function lastPictures(position: number, tokens: readonly PictureToken[]): readonly PictureToken[] {
  const last = tokens.findLastIndex((token) => token.position <= position);
  let first = last;
  while (first > 0 && tokens[first - 1].position + 1 === tokens[first].position) first--;
  return tokens.slice(Math.max(0, first), last + 1);
}

/**
 * By which position the key of each feature turns, int32 [B, S]; 0 behind the last.
 * @param rows the spans of each row's samples, in order
 * @param last position that there is
 */
export function crossPositions(
  rows: readonly (readonly (readonly MediaSpan[])[])[],
  most: number,
  tower: MediaTower,
  { seenFrom, last }: { readonly seenFrom: number; readonly last: number },
): HostTensor {
  const data = new Int32Array(rows.length * most);
  rows.forEach((samples, row) => {
    let first = row * most;
    for (const spans of samples) {
      const tokens = pictureTokens(spans, tower);
      for (const { position, start, end } of tokens)
        data.fill(Math.min(last, position + seenFrom), first + start, first + end);
      first += tokens.at(-1)?.end ?? 0;
    }
  });
  return { dtype: 'int32', shape: [rows.length, most], data };
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
  seenFrom?: number,
): Readonly<Record<string, HostTensor>> {
  const rows = new Array<number>(batch).fill(0);
  const spansOf = Array.from({ length: batch }, (): (readonly MediaSpan[])[] => []);
  const placed = samples.map(({ start, length }, i): CrossSample => {
    const row = Math.floor(start / seq);
    const first = rows[row];
    const spans = media?.[i]?.spans ?? [];
    rows[row] += crossedRows(media?.[i], tower);
    spansOf[row].push(spans);
    return { at: start, position: 0, count: length, spans, first };
  });
  const most = Math.max(...rows);
  const { mask, attends, feeds } = crossInputs([batch, seq, most], placed, tower, seenFrom);
  return {
    cross_index: crossIndex(rows, most),
    cross_mask: mask,
    cross_attends: attends,
    cross_feeds: feeds,
    ...(seenFrom !== undefined && {
      cross_positions: crossPositions(spansOf, most, tower, { seenFrom, last: seq - 1 }),
    }),
  };
}
