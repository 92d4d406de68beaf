/** Rows that an earlier run encoded are read from disk; others are encoded, and kept. */
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { Log } from '../../contracts/log.js';
import { counted } from '../../counted.js';
import type { Encoding, LoadedRow, RowOutcome } from '../../data/index.js';
import { packRows, unpackRows } from '../../data/packed-rows.js';
import { portable } from '../../data/portable-rows.js';
import type { SampleCache } from './sample-cache.js';

export class CachedEncoding implements Encoding {
  readonly piece: number;
  readonly atOnce: number;
  private known = 0;

  /** @param encoder all that decides what becomes of a row, beside the row */
  constructor(
    private readonly inner: Encoding,
    private readonly cache: SampleCache,
    private readonly encoder: string,
    private readonly log: Pick<Log, 'info'>,
  ) {
    this.piece = inner.piece;
    this.atOnce = inner.atOnce;
  }

  async outcomes(rows: readonly LoadedRow[]): Promise<readonly RowOutcome[]> {
    const key = this.keyOf(rows);
    if (key === undefined) return this.inner.outcomes(rows);
    const packed = await this.cache.read(key, rows.length);
    if (packed) {
      this.known += rows.length;
      return unpackRows(packed, rows);
    }
    const outcomes = await this.inner.outcomes(rows);
    // A row may have been given up for its time, which another run has.
    if (!outcomes.some(({ kind }) => kind === 'fault')) await this.cache.write(key, packRows(outcomes));
    return outcomes;
  }

  async close(): Promise<void> {
    await this.inner.close();
    await this.cache.prune();
    if (this.known === 0) return;
    const many = counted(this.known, 'row was', 'rows were');
    this.log.info(
      `data: ${many} encoded by an earlier run (${this.cache.folder}); --load_from_cache_file false encodes anew`,
    );
  }

  /** Undefined for rows whose files decide too: those of pictures. */
  private keyOf(rows: readonly LoadedRow[]): string | undefined {
    if (rows.some(({ row }) => (row.images?.length ?? 0) > 0)) return undefined;
    try {
      const bytes = serialize(portable(rows).map(({ row }) => row));
      return createHash('sha256').update(this.encoder).update(bytes).digest('hex');
    } catch {
      return undefined; // rows of a program may hold what cannot be copied
    }
  }
}
