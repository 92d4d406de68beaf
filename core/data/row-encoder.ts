/** Makes samples of rows: what becomes of a row, apart from where it stands; and what a report says of it. */
import type { StandardRow } from '../contracts/row.js';
import {
  IGNORE_INDEX,
  type DropReason,
  type EncodeOptions,
  type Encoded,
  type EncodeResult,
  type Sample,
  type Template,
} from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { refuseMedia } from '../template/index.js';
import { withinTime } from '../within-time.js';
import { askedOf } from './asked-row.js';
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

/** What is of use to objectives alone. */
const COMPARED = [
  ...(['rejected_response', 'rejected_messages', 'positive_messages', 'negative_messages'] as const),
  ...(['label', 'margin'] as const),
];

/** What a template is told, and what it does not know. */
export interface EncoderSettings extends Omit<EncodeOptions, 'supervise'> {
  /** As a template has it, or nothing, of conversations that may end with a question. */
  readonly supervise?: EncodeOptions['supervise'] | 'none';
}

export interface RowEncoderOptions extends EncoderSettings {
  /** What a row that the template cannot say does: stop the run (default), or be dropped and counted. */
  readonly onBadRow?: 'error' | 'drop';
  /** The conversations that a row becomes, where it becomes several that belong together. */
  readonly sequences?: (row: StandardRow, template: Template) => readonly StandardRow[];
  /** Whether rows are prompts, which the model answers as it trains. */
  readonly prompts?: 'asked' | 'asked or given';
  /** The pictures of the rows, for a model that sees. */
  readonly seen?: SeenRows;
  /** Milliseconds after which a row is given up. */
  readonly mostTime?: number;
}

type MadeSample =
  | { readonly kind: 'sample'; readonly sample: Sample; readonly truncated: boolean }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** What becomes of a row: the same wherever the row stands, and in whichever thread. */
export type RowOutcome = MadeSample | { readonly kind: 'fault'; readonly error: unknown };

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
    if (!this.options.sequences && !this.options.prompts) {
      for (const field of COMPARED) if (row[field] !== undefined) report.countUnused(field);
    }
    if (outcome.kind === 'fault') {
      const placed = atOrigin(outcome.error, origin);
      if (this.options.onBadRow !== 'drop' || !isSwiftError(placed)) throw placed;
      report.drop('that cannot be encoded', placed.message);
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

  private outcomeOf(given: StandardRow): RowOutcome {
    const { options } = this;
    const row = options.seen?.spoken(given) ?? given;
    if (options.prompts) return this.promptOf(row);
    const encoded: Sample[] = [];
    let truncated = false;
    for (const sequence of options.sequences?.(row, this.template) ?? [row]) {
      const result = this.seen(sequence, (one) => this.plain(one));
      if (result.kind === 'dropped') return result;
      if (options.sequences && result.sample.loss_scale) throw weighedPair();
      const { label, margin, channel } = options.sequences ? sequence : {};
      encoded.push({
        ...result.sample,
        ...(label !== undefined && { label }),
        ...(margin !== undefined && { margin }),
        ...(channel !== undefined && { channel }),
      });
      truncated ||= result.truncated;
    }
    const [first, ...partners] = encoded;
    return { kind: 'sample', sample: partners.length === 0 ? first : { ...first, partners }, truncated };
  }

  private promptOf(row: StandardRow): RowOutcome {
    const asked = askedOf(row);
    const result = this.seen({ ...row, messages: asked.messages }, (one) => this.question(one));
    if (result.kind === 'dropped') return result;
    const sample = { ...result.sample, asked };
    if (this.options.prompts === 'asked') return { ...result, sample };
    const given = this.seen(row, (one) => this.plain(one));
    if (given.kind === 'dropped') return given;
    const truncated = result.truncated || given.truncated;
    return { kind: 'sample', sample: { ...sample, given: given.sample }, truncated };
  }

  private plain(row: StandardRow): EncodeResult {
    const { supervise, ...options } = this.options;
    if (supervise !== 'none') return this.template.encode(row, this.tokenizer, { ...options, supervise });
    if (row.messages.at(-1)?.role !== 'assistant') return this.question(row);
    const result = this.template.encode(row, this.tokenizer, { ...options, supervise: 'all' });
    if (result.kind === 'dropped') return result;
    const { input_ids } = result.sample;
    return { ...result, sample: { input_ids, labels: input_ids.map(() => IGNORE_INDEX) } };
  }

  /** A conversation up to where it is answered. */
  private question(row: StandardRow): EncodeResult {
    const { supervise: _none, ...options } = this.options;
    const { messages, tools } = row;
    refuseMedia(row);
    if (this.template.wholeQuestions && !this.options.prompts)
      return this.plain({ ...row, messages: [...messages, { role: 'assistant', content: '' }] });
    return unlearned(this.template.prompt(messages, this.tokenizer, { ...options, tools }), options);
  }

  /** A row with its pictures among its tokens. */
  private seen(row: StandardRow, encode: (plain: StandardRow) => EncodeResult): MadeSample {
    const { result, media } = this.options.seen?.encode(row, this.tokenizer, encode) ?? {
      result: encode(row),
      media: undefined,
    };
    if (result.kind === 'dropped') return result;
    const sample = held(result.sample);
    return { ...result, sample: media ? { ...sample, media } : sample };
  }
}

/** Ids of which nothing is a label. */
function unlearned(
  ids: readonly number[],
  { max_length = Infinity, truncation_strategy }: Pick<EncodeOptions, 'max_length' | 'truncation_strategy'>,
): EncodeResult {
  const truncated = ids.length > max_length;
  if (truncated && truncation_strategy !== 'left') return { kind: 'dropped', reason: 'too_long' };
  const input_ids = truncated ? ids.slice(-max_length) : ids;
  return { kind: 'sample', sample: { input_ids, labels: input_ids.map(() => IGNORE_INDEX) }, truncated };
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
  new SwiftError(
    'BAD_ROW',
    'tokens of an answer weigh other than 0 and 1, and the trainer takes answers whole.',
    {
      cure: 'Take loss_scale out of its messages, or give it 0 or 1; --loss_scale takes last_round, ignore_empty_think and ignore_think_prefix here.',
    },
  );

const tooSlow = (milliseconds: number): SwiftError =>
  new SwiftError('BAD_ROW', `The row takes longer than ${milliseconds / 1000} s to tokenize.`, {
    cure: [
      'It may be very long, or a pattern of tokenizer.json or the chat template cannot get through it.',
      'Take the row out; --check_dataset_strategy discard skips such rows and counts them.',
    ],
  });
