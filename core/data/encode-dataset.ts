import type { StandardRow } from '../contracts/row.js';
import type { DropReason, EncodeOptions, Encoded, Sample, Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { withinTime } from '../within-time.js';
import type { SeenRows } from './media/seen-rows.js';
import { DataReport } from './report.js';
import { tokensOf } from './sequences.js';
import { atOrigin, emptyDataset, TOO_LONG } from './source.js';
import type { LoadedDataset, LoadedRow } from './source.js';

const REASONS: Record<DropReason, string> = {
  too_long: TOO_LONG,
  no_supervised_tokens: 'with nothing to learn',
  empty: 'empty',
};

export interface EncodeDatasetOptions extends EncodeOptions {
  /** What a row that the template cannot say does: stop the run (default), or be dropped and counted. */
  readonly onBadRow?: 'error' | 'drop';
  /** The conversations that a row becomes, where it becomes several that belong together. */
  readonly sequences?: (row: StandardRow) => readonly StandardRow[];
  /** The pictures of the rows, for a model that sees. */
  readonly seen?: SeenRows;
  /** Milliseconds after which a row is given up. */
  readonly mostTime?: number;
}

/** Samples in memory. */
export interface SampleSet {
  readonly samples: readonly Sample[];
  /** Of each sample, the number of its row among `rows` rows, ascending. Absent: every row gave one. */
  readonly places?: readonly number[];
  readonly rows?: number;
}

export interface EncodedDataset extends Required<SampleSet> {
  /** One for each dataset, in order. Rows taken twice by `#rows` count twice as kept. */
  readonly reports: readonly DataReport[];
}

/**
 * Encodes rows of one or several datasets into one list of samples, dataset after dataset (the data plan mixes them).
 * Each report goes on from that of loading, so it tells of every row read.
 *
 * @throws SwiftError BAD_TEMPLATE with `file:line` for a row the template cannot say; EMPTY_DATASET when none is left.
 */
export function encodeDataset(
  datasets: readonly LoadedDataset[],
  template: Template,
  tokenizer: Tokenizer,
  options: EncodeDatasetOptions = {},
): EncodedDataset {
  const samples: Sample[] = [];
  const places: number[] = [];
  let place = 0;
  const encoder = new RowEncoder(template, tokenizer, options);
  const reports = datasets.map((dataset) => {
    const report = continued(dataset.report);
    report.taken = dataset.rows.length;
    encoder.encodeAll(dataset.rows, report, (sample) => {
      if (sample) {
        samples.push(sample);
        places.push(place);
      }
      place++;
    });
    return report;
  });
  if (samples.length === 0) throw emptyDataset(reports);
  return { samples, places, rows: place, reports };
}

/** Makes samples of rows and counts what becomes of them. */
export class RowEncoder {
  constructor(
    private readonly template: Template,
    private readonly tokenizer: Tokenizer,
    private readonly options: EncodeDatasetOptions,
  ) {}

  /** @throws SwiftError with `file:line`, unless bad rows are dropped */
  encode(row: LoadedRow, report: DataReport): Sample | undefined {
    let made: Sample | undefined;
    this.encodeAll([row], report, (sample) => {
      made = sample;
    });
    return made;
  }

  /** @param done is told of each row in order: its sample, if it gave one */
  encodeAll(
    rows: readonly LoadedRow[],
    report: DataReport,
    done: (sample: Sample | undefined) => void,
  ): void {
    const { onBadRow, mostTime = MOST_TIME } = this.options;
    const failed = (error: unknown, { origin }: LoadedRow): void => {
      const placed = atOrigin(error, origin);
      if (onBadRow !== 'drop' || !isSwiftError(placed)) throw placed;
      report.drop('that the template cannot say', placed.message);
      done(undefined);
    };
    eachInTime(rows, (row) => done(this.sampleOf(row, report)), mostTime, failed);
  }

  private sampleOf({ row, origin }: LoadedRow, report: DataReport): Sample | undefined {
    const { options } = this;
    if (!options.sequences) {
      for (const field of ['rejected_response', 'rejected_messages'] as const)
        if (row[field] !== undefined) report.countUnused(field);
    }
    const encoded: Sample[] = [];
    let truncated = false;
    for (const sequence of options.sequences?.(row) ?? [row]) {
      const plain = (one: StandardRow) => this.template.encode(one, this.tokenizer, options);
      const { result, media } = options.seen?.encode(sequence, this.tokenizer, plain) ?? {
        result: plain(sequence),
        media: undefined,
      };
      if (result.kind === 'dropped') {
        report.drop(REASONS[result.reason], `${origin.file}:${origin.line}: ${REASONS[result.reason]}`);
        return undefined;
      }
      encoded.push(media ? { ...held(result.sample), media } : held(result.sample));
      truncated ||= result.truncated;
    }
    const [first, ...partners] = encoded;
    const sample = partners.length === 0 ? first : { ...first, partners };
    report.kept++;
    report.tokens += tokensOf(sample);
    if (truncated) report.truncated++;
    return sample;
  }
}

/** As a dataset of many holds it. */
function held(encoded: Encoded): Sample {
  const { input_ids, labels } = encoded;
  return { ...encoded, input_ids: Int32Array.from(input_ids), labels: Int32Array.from(labels) };
}

/** Milliseconds for one row. */
const MOST_TIME = 30_000;
/** Rows are worked on together for so long: setting a time for each would cost a tenth of it. */
const TOGETHER = 1000;

/** Works on one row after the other; one that takes too long is stopped. */
function eachInTime(
  rows: readonly LoadedRow[],
  work: (row: LoadedRow) => void,
  mostTime: number,
  failed: (error: unknown, row: LoadedRow) => void,
): void {
  let next = 0;
  const some = (): void => {
    for (const end = performance.now() + TOGETHER; next < rows.length && performance.now() < end; next++) {
      work(rows[next]);
    }
  };
  while (next < rows.length) {
    try {
      withinTime(mostTime + TOGETHER, some, () => tooSlow(mostTime));
    } catch (error) {
      failed(error, rows[next]);
      next++;
    }
  }
}

const tooSlow = (milliseconds: number): SwiftError =>
  new SwiftError('BAD_ROW', `The row takes longer than ${milliseconds / 1000} s to tokenize.`, {
    cure: [
      'It may be very long, or a pattern of tokenizer.json or the chat template cannot get through it.',
      'Take the row out; --check_dataset_strategy discard skips such rows and counts them.',
    ],
  });

function continued(loading: DataReport): DataReport {
  const report = new DataReport(loading.dataset);
  report.read = loading.read;
  for (const [reason, count] of loading.dropped) report.dropped.set(reason, count);
  for (const [field, count] of loading.unused) report.unused.set(field, count);
  report.examples.push(...loading.examples);
  return report;
}
