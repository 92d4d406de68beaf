/** Makes samples of rows: what becomes of a row, apart from where it stands; and what a report says of it. */
import type { StandardRow } from '../contracts/row.js';
import type { DropReason, EncodeOptions, Encoded, Sample, Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { withinTime } from '../within-time.js';
import type { SeenRows } from './media/seen-rows.js';
import type { DataReport } from './report.js';
import { tokensOf } from './sequences.js';
import { atOrigin, TOO_LONG } from './source.js';
import type { LoadedRow } from './source.js';

const REASONS: Record<DropReason, string> = {
  too_long: TOO_LONG,
  no_supervised_tokens: 'with nothing to learn',
  empty: 'empty',
};

export interface RowEncoderOptions extends EncodeOptions {
  /** What a row that the template cannot say does: stop the run (default), or be dropped and counted. */
  readonly onBadRow?: 'error' | 'drop';
  /** The conversations that a row becomes, where it becomes several that belong together. */
  readonly sequences?: (row: StandardRow) => readonly StandardRow[];
  /** The pictures of the rows, for a model that sees. */
  readonly seen?: SeenRows;
  /** Milliseconds after which a row is given up. */
  readonly mostTime?: number;
}

/** What becomes of a row: the same wherever the row stands, and in whichever thread. */
export type RowOutcome =
  | { readonly kind: 'sample'; readonly sample: Sample; readonly truncated: boolean }
  | { readonly kind: 'dropped'; readonly reason: DropReason }
  | { readonly kind: 'fault'; readonly error: unknown };

export class RowEncoder {
  constructor(
    private readonly template: Template,
    private readonly tokenizer: Tokenizer,
    private readonly options: RowEncoderOptions,
  ) {}

  /** @throws SwiftError with `file:line`, unless bad rows are dropped */
  encode(row: LoadedRow, report: DataReport): Sample | undefined {
    return this.settle(row, this.outcomes([row])[0], report);
  }

  /** One for each row. Nothing is thrown: a fault is that of its row, and told when the row's turn comes. */
  outcomes(rows: readonly LoadedRow[]): readonly RowOutcome[] {
    const made: RowOutcome[] = [];
    const work = ({ row }: LoadedRow): number => made.push(this.outcomeOf(row));
    eachInTime(rows, work, this.options.mostTime ?? MOST_TIME, (error) =>
      made.push({ kind: 'fault', error }),
    );
    return made;
  }

  /** Counts what became of a row. @throws SwiftError with `file:line` for a fault, unless bad rows are dropped */
  settle({ row, origin }: LoadedRow, outcome: RowOutcome, report: DataReport): Sample | undefined {
    if (!this.options.sequences) {
      for (const field of ['rejected_response', 'rejected_messages'] as const)
        if (row[field] !== undefined) report.countUnused(field);
    }
    if (outcome.kind === 'fault') {
      const placed = atOrigin(outcome.error, origin);
      if (this.options.onBadRow !== 'drop' || !isSwiftError(placed)) throw placed;
      report.drop('that the template cannot say', placed.message);
      return undefined;
    }
    if (outcome.kind === 'dropped') {
      const reason = REASONS[outcome.reason];
      report.drop(reason, `${origin.file}:${origin.line}: ${reason}`);
      return undefined;
    }
    report.kept++;
    report.tokens += tokensOf(outcome.sample);
    if (outcome.truncated) report.truncated++;
    return outcome.sample;
  }

  private outcomeOf(row: StandardRow): RowOutcome {
    const { options } = this;
    const encoded: Sample[] = [];
    let truncated = false;
    for (const sequence of options.sequences?.(row) ?? [row]) {
      const plain = (one: StandardRow) => this.template.encode(one, this.tokenizer, options);
      const { result, media } = options.seen?.encode(sequence, this.tokenizer, plain) ?? {
        result: plain(sequence),
        media: undefined,
      };
      if (result.kind === 'dropped') return result;
      if (options.sequences && result.sample.loss_scale) throw weighedPair();
      encoded.push(media ? { ...held(result.sample), media } : held(result.sample));
      truncated ||= result.truncated;
    }
    const [first, ...partners] = encoded;
    return { kind: 'sample', sample: partners.length === 0 ? first : { ...first, partners }, truncated };
  }
}

/** As a dataset of many holds it. */
function held({ input_ids, labels, loss_scale }: Encoded): Sample {
  const ids = { input_ids: Int32Array.from(input_ids), labels: Int32Array.from(labels) };
  return loss_scale === undefined ? ids : { ...ids, loss_scale };
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
  failed: (error: unknown) => void,
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
      failed(error);
      next++;
    }
  }
}

const weighedPair = (): SwiftError =>
  new SwiftError('BAD_ROW', 'tokens of an answer weigh other than 0 and 1, and answers are compared whole.', {
    cure: 'Take loss_scale out of its messages, or give it 0 or 1; --loss_scale takes last_round, ignore_empty_think and ignore_think_prefix here.',
  });

const tooSlow = (milliseconds: number): SwiftError =>
  new SwiftError('BAD_ROW', `The row takes longer than ${milliseconds / 1000} s to tokenize.`, {
    cure: [
      'It may be very long, or a pattern of tokenizer.json or the chat template cannot get through it.',
      'Take the row out; --check_dataset_strategy discard skips such rows and counts them.',
    ],
  });
