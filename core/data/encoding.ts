/** Rows on their way to samples, in pieces: in the thread at hand, or wherever an `Encoding` makes them. */
import type { StandardRow } from '../contracts/row.js';
import type { SeenRows } from './media/seen-rows.js';
import type { RowEncoder, RowOutcome } from './row-encoder.js';
import type { LoadedRow } from './source.js';

/** Says what becomes of rows. */
export interface Encoding {
  /** Rows that are handed over together, at most. */
  readonly piece: number;
  /** Pieces that are worked on at once. */
  readonly atOnce: number;
  /** @throws SwiftError ENGINE_CRASHED; what is wrong with a row is an outcome */
  outcomes(rows: readonly LoadedRow[]): Promise<readonly RowOutcome[]>;
  /** Ends what works on rows. */
  close(): Promise<void>;
}

/** In the thread at hand. */
export class EncodingHere implements Encoding {
  readonly atOnce = 1;

  constructor(
    private readonly encoder: RowEncoder,
    private readonly seen?: SeenRows,
    readonly piece = 64,
  ) {}

  async outcomes(rows: readonly LoadedRow[]): Promise<readonly RowOutcome[]> {
    await this.seen?.open(rows);
    return this.encoder.outcomes(rows);
  }

  async close(): Promise<void> {}
}

/** Rows and what became of them, piece after piece, in their order. No more is under way than the encoding works on at once. */
export async function* encodedPieces(
  rows: readonly LoadedRow[],
  encoding: Encoding,
): AsyncGenerator<readonly (readonly [LoadedRow, RowOutcome])[]> {
  const ahead: { readonly piece: readonly LoadedRow[]; readonly outcomes: Promise<readonly RowOutcome[]> }[] =
    [];
  for (const piece of pieces(rows, encoding.piece)) {
    const outcomes = encoding.outcomes(piece);
    // Nobody hears of one that comes to nothing after the rows before it stopped the run.
    outcomes.catch(() => undefined);
    ahead.push({ piece, outcomes });
    if (ahead.length >= encoding.atOnce) yield await next();
  }
  while (ahead.length > 0) yield await next();

  async function next(): Promise<readonly (readonly [LoadedRow, RowOutcome])[]> {
    const { piece, outcomes } = ahead.shift()!;
    const made = await outcomes;
    return piece.map((row, i) => [row, made[i]]);
  }
}

/** Characters of a piece, so that long rows do not add up. */
const MOST_CHARACTERS = 1_000_000;

function* pieces(rows: readonly LoadedRow[], most: number): Generator<readonly LoadedRow[]> {
  for (let start = 0, end = 0; start < rows.length; start = end) {
    for (let characters = 0; end < rows.length && end - start < most && characters < MOST_CHARACTERS; end++)
      characters += charactersOf(rows[end].row);
    yield rows.slice(start, end);
  }
}

/** How much of a text a row is: what encoding it costs. */
export function charactersOf({
  messages,
  rejected_messages = [],
  rejected_response = '',
}: StandardRow): number {
  const all = [...messages, ...rejected_messages];
  return all.reduce((sum, { content }) => sum + content.length, rejected_response.length);
}
