import type { JobDataset } from '../contracts/job.js';
import type { PreprocessContext, Preprocessor } from '../contracts/preprocessor.js';
import type { RawRow, RowOrigin, StandardRow } from '../contracts/row.js';
import { SwiftError, isSwiftError } from '../errors.js';
import { checkRow } from './check-row.js';
import { DataReport } from './report.js';
import { sampleIndices } from './sampling.js';
import type { SeededRandom } from './random.js';

/** Why a row of too many tokens is dropped. */
export const TOO_LONG = 'longer than max_length';

/** A row as it stands in its file, and where. */
export interface RawLoadedRow {
  readonly row: RawRow;
  readonly origin: RowOrigin;
}

/** Reads the rows of one file or folder, with where each came from. */
export type RowReader = (path: string) => AsyncIterable<RawLoadedRow>;

/** One dataset, already on this machine. */
export interface DatasetSource {
  /** As the user names it, for reports. */
  readonly name: string;
  readonly paths: readonly string[];
  readonly preprocessor: Preprocessor;
  /** Rows to take; all when absent. */
  readonly rows?: number;
}

export interface LoadOptions {
  readonly readRows: RowReader;
  readonly random: SeededRandom;
  readonly context?: PreprocessContext;
  /** What a row of the wrong shape does: stop the run (default), or be dropped and counted. */
  readonly onBadRow?: 'error' | 'drop';
}

export interface LoadedRow {
  readonly row: StandardRow;
  readonly origin: RowOrigin;
}

export interface LoadedDataset {
  readonly name: string;
  readonly rows: readonly LoadedRow[];
  readonly report: DataReport;
  /** Where they were found and how they were drawn; absent for rows that a program brings. */
  readonly described?: JobDataset;
}

/**
 * Reads a dataset into standard rows and takes the wanted number of them.
 *
 * @throws SwiftError BAD_ROW with `file:line`, field and expected shape; EMPTY_DATASET when no row is left.
 */
export async function loadDataset(source: DatasetSource, options: LoadOptions): Promise<LoadedDataset> {
  const { readRows, random } = options;
  const report = new DataReport(source.name);
  const rows: LoadedRow[] = [];
  for (const path of source.paths) {
    for await (const raw of rawRows(path, source, readRows)) {
      const row = standardRow(raw, source, report, options);
      if (row) rows.push(row);
    }
  }
  if (rows.length === 0) throw emptyDataset([report]);
  const taken =
    source.rows === undefined ? rows : sampleIndices(rows.length, source.rows, random).map((i) => rows[i]);
  return { name: source.name, rows: taken, report };
}

/** The rows of a file, in the parts that their dataset takes them in, or joined as it takes them. */
export function rawRows(
  path: string,
  { preprocessor }: Pick<DatasetSource, 'preprocessor'>,
  readRows: RowReader,
): AsyncIterable<RawLoadedRow> {
  if (preprocessor.continues) return joined(readRows(path), preprocessor);
  return preprocessor.parts ? parted(readRows(path), preprocessor) : readRows(path);
}

async function* joined(
  rows: AsyncIterable<RawLoadedRow>,
  preprocessor: Preprocessor,
): AsyncGenerator<RawLoadedRow> {
  let held: { readonly rows: RawRow[]; readonly origin: RowOrigin } | undefined;
  for await (const { row, origin } of rows) {
    if (held && preprocessor.continues!(row)) held.rows.push(row);
    else {
      if (held) yield { row: { rows: held.rows }, origin: held.origin };
      held = { rows: [row], origin };
    }
  }
  if (held) yield { row: { rows: held.rows }, origin: held.origin };
}

async function* parted(
  rows: AsyncIterable<RawLoadedRow>,
  preprocessor: Preprocessor,
): AsyncGenerator<RawLoadedRow> {
  for await (const { row, origin } of rows)
    for (const part of preprocessor.parts!(row)) yield { row: part, origin };
}

/** What a raw row becomes, if it is of the right shape; the report counts it. @throws SwiftError with `file:line` */
export function standardRow(
  { row: raw, origin }: RawLoadedRow,
  { preprocessor }: Pick<DatasetSource, 'preprocessor'>,
  report: DataReport,
  { context, onBadRow = 'error' }: Pick<LoadOptions, 'context' | 'onBadRow'>,
): LoadedRow | undefined {
  report.read++;
  try {
    // What is kept whole has no column that is of no use.
    const unused = context?.columns ? undefined : report.countUnused;
    let why = 'without an answer';
    const dropped = (said: string): void => void (why = said);
    const row = preprocessor.toRow(raw, { ...context, unused, dropped });
    if (row === undefined) {
      report.drop(why);
      return undefined;
    }
    checkRow(row);
    const { columns, ...standard } = row;
    return { row: context?.columns ? { ...standard, columns: { ...raw, ...columns } } : standard, origin };
  } catch (error) {
    const placed = atOrigin(error, origin);
    if (onBadRow === 'error' || !isSwiftError(placed)) throw placed;
    report.drop('of the wrong shape', placed.message);
    return undefined;
  }
}

/**
 * Puts `file:line` in front of a SwiftError. A RangeError is the row's, too: nested too deeply for the stack, or a text
 * longer than one can be. Anything else stays as it is.
 */
export function atOrigin(error: unknown, { file, line }: RowOrigin): unknown {
  if (error instanceof RangeError) {
    return new SwiftError('BAD_ROW', `${file}:${line}: the row is too large or too deep: ${error.message}.`, {
      cure: 'Take the row out; --check_dataset_strategy discard skips such rows and counts them.',
      cause: error,
    });
  }
  if (!isSwiftError(error)) return error;
  const { code, cure, exitCode, cause } = error;
  return new SwiftError(code, `${file}:${line}: ${error.message}`, { cure, exitCode, cause });
}

export function emptyDataset(reports: readonly DataReport[]): SwiftError {
  const isTooLong = reports.some(({ dropped }) => dropped.has(TOO_LONG));
  const isEmpty = reports.every(({ read }) => read === 0);
  const fault = isEmpty
    ? `There are no rows in ${reports.map(({ dataset }) => dataset).join(', ')}`
    : `No rows are left. ${reports.map(String).join('; ')}`;
  return new SwiftError('EMPTY_DATASET', `${fault}.`, {
    cure: [
      ...reports.flatMap(({ examples }) => examples),
      ...(isEmpty ? ['Is it the right file?'] : []),
      ...(isTooLong
        ? ['Longer rows are dropped unless --truncation_strategy is left or right; or raise --max_length.']
        : []),
    ],
  });
}
