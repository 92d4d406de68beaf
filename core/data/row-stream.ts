/** Rows of datasets read as training goes, a window of them at a time. */
import type { Sample } from '../contracts/template.js';
import { SwiftError } from '../errors.js';
import { encodedPieces, type Encoding } from './encoding.js';
import { DataReport } from './report.js';
import type { RowEncoder } from './row-encoder.js';
import { emptyDataset, rawRows, standardRow } from './source.js';
import type { DatasetSource, LoadedRow, LoadOptions, RawLoadedRow } from './source.js';
import type { SampleStream } from './stream-plan.js';

export interface RowStreamOptions extends Pick<LoadOptions, 'readRows' | 'context' | 'onBadRow'> {
  /** Rows of a window. */
  readonly window: number;
  /** Tokens of the longest sample. */
  readonly max_length: number;
  readonly encoder: RowEncoder;
  /** Makes the outcomes that `encoder` settles; closed with the stream. */
  readonly encoding: Encoding;
  /** Rows at the head of the datasets that are for something else. */
  readonly skipped?: number;
  /** Told what became of the rows of the first pass, when it ends, or the stream is closed before. */
  readonly onPass?: (reports: readonly DataReport[], isWhole: boolean) => void;
}

/** A raw row and its dataset. */
interface Streamed {
  readonly raw: RawLoadedRow;
  readonly dataset: number;
}

/** Datasets one after the other. Of a dataset with `#rows` the first ones are taken, and again from its head where it has fewer. */
export class RowStream implements SampleStream {
  /** Of the rows read since a pass began, or since the stream was opened within one. */
  reports: readonly DataReport[] = [];
  private opened?: {
    readonly epoch: number;
    readonly rows: AsyncGenerator<Streamed>;
    /** Whether its pass is read from the head. */
    readonly isWhole: boolean;
    /** The window that comes next. */
    window: number;
  };
  private told = false;
  private readonly datasetOf = new WeakMap<LoadedRow, number>();

  constructor(
    readonly sources: readonly DatasetSource[],
    private readonly options: RowStreamOptions,
  ) {}

  get longest(): number {
    return this.options.max_length;
  }

  async window(epoch: number, window: number): Promise<readonly LoadedRow[] | undefined> {
    const stream = await this.openAt(epoch, window);
    stream.window++;
    let read = 0;
    const rows: LoadedRow[] = [];
    while (read < this.options.window) {
      const { done, value } = await stream.rows.next();
      if (done) break;
      read++;
      const { raw, dataset } = value;
      const row = standardRow(raw, this.sources[dataset], this.reports[dataset], this.options);
      if (!row) continue;
      rows.push(row);
      this.datasetOf.set(row, dataset);
    }
    return read === 0 ? undefined : rows;
  }

  async *encoded(rows: readonly LoadedRow[]): AsyncGenerator<Sample | undefined> {
    for await (const piece of encodedPieces(rows, this.options.encoding)) {
      for (const [row, outcome] of piece) {
        const report = this.reports[this.sourceOf(row)];
        report.taken++;
        yield this.options.encoder.settle(row, outcome, report);
      }
    }
  }

  /** Which dataset a row came from, by its number. */
  sourceOf(row: LoadedRow): number {
    return this.datasetOf.get(row)!;
  }

  endPass(): void {
    const isWhole = this.opened!.isWhole;
    if (isWhole && this.reports.every(({ kept }) => kept === 0)) throw emptyDataset(this.reports);
    this.tell(isWhole);
  }

  private tell(isWhole: boolean): void {
    if (!this.told && this.reports.length > 0) this.options.onPass?.(this.reports, isWhole);
    this.told = true;
  }

  async release(): Promise<void> {
    await this.opened?.rows.return(undefined);
    await this.options.encoding.close();
    this.tell(false);
  }

  private async openAt(epoch: number, window: number): Promise<NonNullable<RowStream['opened']>> {
    if (this.opened?.epoch === epoch && this.opened.window === window) return this.opened;
    this.reports = this.sources.map(({ name }) => new DataReport(name));
    const rows = this.read();
    const skipped = (this.options.skipped ?? 0) + window * this.options.window;
    for (let i = 0; i < skipped; i++) if ((await rows.next()).done) throw this.tooFew(skipped);
    this.opened = { epoch, rows, window, isWhole: window === 0 };
    return this.opened;
  }

  private async *read(): AsyncGenerator<Streamed> {
    for (const [dataset, source] of this.sources.entries()) {
      const { paths, rows: wanted = Infinity } = source;
      let taken = 0;
      let before = -1;
      // A second time from the head only where more rows are wanted than there are.
      while (taken < wanted && taken > before) {
        before = taken;
        for (const path of paths) {
          if (taken >= wanted) break;
          for await (const raw of rawRows(path, source, this.options.readRows)) {
            if (taken++ >= wanted) break;
            yield { raw, dataset };
          }
        }
        if (wanted === Infinity) break;
      }
    }
  }

  private tooFew(skipped: number): SwiftError {
    const names = this.sources.map(({ name }) => name).join(', ');
    return new SwiftError('EMPTY_DATASET', `There are fewer than ${skipped} rows in ${names}.`, {
      cure: 'Give the data that the run began with, and a smaller --streaming_val_size than it has rows.',
    });
  }
}
