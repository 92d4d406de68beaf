/** What became of rows as a few flat arrays: to hand over to another thread, or to a file. */
import type { MediaFile, MediaSpan } from '../contracts/processor.js';
import type { RowLabel } from '../contracts/row.js';
import { IGNORE_INDEX, type DropReason, type Ids, type Sample } from '../contracts/template.js';
import { isSwiftError, SwiftError, type ErrorCode } from '../errors.js';
import type { SeenRows } from './media/seen-rows.js';
import type { RowOutcome } from './row-encoder.js';
import { sequencesOf } from './sequences.js';
import type { LoadedRow } from './source.js';

export interface PackedRows {
  /** One for each row, in their order. */
  readonly entries: readonly PackedEntry[];
  /** Ids of all sequences, one behind the other. */
  readonly ids: Int32Array;
  /** Of each id whether it is a label, 1 or 0; or, where some label is another id, the labels. */
  readonly labels: Uint8Array | Int32Array;
  /** Weights of those sequences that have some. */
  readonly scales: Float64Array;
}

export type PackedEntry =
  | { readonly kind: 'sample'; readonly truncated: boolean; readonly sequences: readonly PackedSequence[] }
  | { readonly kind: 'dropped'; readonly reason: DropReason }
  | { readonly kind: 'fault'; readonly fault: Fault };

interface PackedSequence {
  readonly length: number;
  readonly isScaled?: true;
  readonly label?: RowLabel;
  readonly margin?: number;
  readonly channel?: string;
  readonly media?: { readonly spans: readonly MediaSpan[]; readonly files: readonly MediaFile[] };
}

/** An error; an ordinary copy of one loses code and cure. */
export interface Fault {
  /** Absent for an error that is no SwiftError. */
  readonly code?: ErrorCode;
  readonly name: string;
  readonly message: string;
  readonly cure: readonly string[];
  readonly exitCode: 1 | 2;
  readonly stack?: string;
}

export function packRows(outcomes: readonly RowOutcome[]): PackedRows {
  const sequences = outcomes.flatMap((one) => (one.kind === 'sample' ? sequencesOf(one.sample) : []));
  const count = sequences.reduce((sum, { input_ids }) => sum + input_ids.length, 0);
  const ids = new Int32Array(count);
  const labels = new Int32Array(count);
  let at = 0;
  for (const { input_ids, labels: own } of sequences) {
    ids.set(input_ids, at);
    labels.set(own, at);
    at += input_ids.length;
  }
  const marks = new Uint8Array(count);
  const areMarks = labels.every((label, i) => {
    marks[i] = label === ids[i] ? 1 : 0;
    return label === ids[i] || label === IGNORE_INDEX;
  });
  const scales = Float64Array.from(sequences.flatMap(({ loss_scale = [] }) => loss_scale));
  return { entries: outcomes.map(entryOf), ids, labels: areMarks ? marks : labels, scales };
}

function entryOf(outcome: RowOutcome): PackedEntry {
  if (outcome.kind === 'fault') return { kind: 'fault', fault: faultOf(outcome.error) };
  if (outcome.kind === 'dropped') return { kind: 'dropped', reason: outcome.reason };
  const sequences = sequencesOf(outcome.sample).map(
    ({ input_ids, loss_scale, label, margin, channel, media }): PackedSequence => ({
      length: input_ids.length,
      ...(loss_scale && { isScaled: true }),
      ...(label !== undefined && { label }),
      ...(margin !== undefined && { margin }),
      ...(channel !== undefined && { channel }),
      ...(media && { media: { spans: media.spans, files: media.files } }),
    }),
  );
  return { kind: 'sample', truncated: outcome.truncated, sequences };
}

/** @param rows those that were packed; `seen` loads their pictures */
export function unpackRows(
  { entries, ids, labels: packed, scales }: PackedRows,
  rows: readonly LoadedRow[],
  seen?: SeenRows,
): readonly RowOutcome[] {
  const labels =
    packed instanceof Int32Array ? packed : ids.map((id, i) => (packed[i] === 1 ? id : IGNORE_INDEX));
  let at = 0;
  let scaled = 0;
  const take = (
    { length, isScaled, label, margin, channel, media }: PackedSequence,
    row: LoadedRow,
  ): Sample => {
    const part = (array: Int32Array): Ids => array.subarray(at, at + length);
    const sample = {
      input_ids: part(ids),
      labels: part(labels),
      ...(isScaled && { loss_scale: Array.from(scales.subarray(scaled, scaled + length)) }),
      ...(label !== undefined && { label }),
      ...(margin !== undefined && { margin }),
      ...(channel !== undefined && { channel }),
      ...(media && { media: seen!.openedElsewhere(row, media.spans, media.files) }),
    };
    at += length;
    if (isScaled) scaled += length;
    return sample;
  };
  return entries.map((entry, i): RowOutcome => {
    if (entry.kind === 'fault') return { kind: 'fault', error: errorOf(entry.fault) };
    if (entry.kind === 'dropped') return entry;
    const [first, ...partners] = entry.sequences.map((sequence) => take(sequence, rows[i]));
    const sample = partners.length === 0 ? first : { ...first, partners };
    return { kind: 'sample', sample, truncated: entry.truncated };
  });
}

export function faultOf(error: unknown): Fault {
  if (isSwiftError(error)) {
    const { code, name, message, cure, exitCode } = error;
    return { code, name, message, cure, exitCode };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, cure: [], exitCode: 1, stack };
}

export function errorOf({ code, name, message, cure, exitCode, stack }: Fault): Error {
  if (code !== undefined) return new SwiftError(code, message, { cure, exitCode });
  const error = name === 'RangeError' ? new RangeError(message) : new Error(message);
  return Object.assign(error, { name, stack });
}
