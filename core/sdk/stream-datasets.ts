/** Datasets by the names that users give, read as training goes: `--streaming true`. */
import { stat } from 'node:fs/promises';
import type { Sample } from '../contracts/template.js';
import {
  DataReport,
  emptyDataset,
  EncodingHere,
  RowStream,
  type DatasetSource,
  type LoadedDataset,
  type RowStreamOptions,
} from '../data/index.js';
import { counted } from '../counted.js';
import { SwiftError } from '../errors.js';
import { readRows } from '../io/rows/read-rows.js';
import { onBadRow, readFound, type DataOptions, type FoundDatasets } from './datasets.js';
import { encodeRows, encoderOf, encodingOf, sayReports, type EncodeContext } from './encode-rows.js';
import type { Amount } from './encoding/open-encoding.js';
import type { Services } from './services.js';
import type { TrainArguments } from '../config/command-line.js';

/** Arguments of data that are read as training goes. */
export interface StreamOptions extends DataOptions {
  readonly streaming_buffer_size: number;
  readonly streaming_val_size: number;
}

/** @throws SwiftError BAD_ARGUMENT for what a run on a stream cannot do */
export function checkStream({
  streaming,
  max_steps,
  precompute_ref_log_probs,
}: Pick<TrainArguments, 'streaming' | 'max_steps' | 'precompute_ref_log_probs'>): void {
  if (!streaming) return;
  if (max_steps <= 0) {
    throw new SwiftError('BAD_ARGUMENT', '--streaming true: nobody knows how many steps such a run has', {
      cure: 'Say it: --max_steps 1000. Rows are read again from the head when there are no more.',
    });
  }
  if (precompute_ref_log_probs) {
    const fault =
      '--precompute_ref_log_probs true asks of all rows before training, and --streaming true reads them as it goes';
    throw new SwiftError('BAD_ARGUMENT', fault, { cure: 'Leave one out.' });
  }
}

/** Samples that are looked at before training. */
const SEEN = 100;

/** Opens datasets as a stream; its first rows, or those of validation datasets, are for validation. @throws SwiftError */
export async function openStream(
  options: StreamOptions,
  context: EncodeContext,
  { train, validation: apart }: FoundDatasets,
  { log }: Pick<Services, 'log'>,
): Promise<{
  readonly data: RowStream;
  readonly validation: readonly Sample[];
  readonly seen: readonly Sample[];
}> {
  const sources = train.map(({ source }) => source);
  const { streaming_buffer_size, streaming_val_size } = options;
  const encoder = encoderOf(options, context);
  const reading = {
    readRows,
    context: options,
    onBadRow: onBadRow(options),
    max_length: options.max_length,
    encoder,
    encoding: new EncodingHere(encoder, context.seen),
  };
  const held = apart.length > 0 ? 0 : streaming_val_size;
  const data = new RowStream(sources, {
    ...reading,
    encoding: await encodingOf(encoder, options, context, await amountOf(sources)),
    window: streaming_buffer_size,
    skipped: held,
    onPass: (reports, isWhole) =>
      sayReports(isWhole ? 'training data' : 'training data, as far as they were read', reports, log),
  });
  const rows =
    apart.length > 0
      ? await readFound(apart, options)
      : held > 0
        ? await firstRows(sources, held, reading)
        : [];
  if (rows.length === 0) {
    log.info('validation data: none; --streaming_val_size N sets the first N rows aside');
  }
  const { samples: validation } = await encodeRows('validation', rows, options, context, {
    drawn: apart.length === 0,
  });
  const seen: Sample[] = [];
  const head = await firstRows(sources, held + SEEN, reading);
  const read = head.reduce((sum, { report }) => sum + report.read, 0);
  if (read <= held) {
    throw new SwiftError(
      'EMPTY_DATASET',
      `--streaming_val_size ${held}: the data have ${counted(read, 'row')}`,
      {
        cure: 'Hold fewer out, so that some are left to train on.',
      },
    );
  }
  for (const { name, rows } of head) {
    await context.seen?.open(rows);
    seen.push(...rows.flatMap((row) => encoder.encode(row, new DataReport(name)) ?? []));
  }
  return { data, validation, seen };
}

/** By the files' sizes. */
async function amountOf(sources: readonly DatasetSource[]): Promise<Amount> {
  let characters = 0;
  for (const path of sources.flatMap(({ paths }) => paths)) characters += (await stat(path)).size;
  return { characters, isStream: true };
}

/** The head of a stream, as datasets. */
async function firstRows(
  sources: readonly DatasetSource[],
  count: number,
  common: Omit<RowStreamOptions, 'window'>,
): Promise<readonly LoadedDataset[]> {
  const head = new RowStream(sources, { ...common, window: count });
  try {
    const rows = await head.window(0, 0);
    if (rows === undefined) throw emptyDataset(head.reports);
    return sources
      .map(({ name }, i) => ({
        name: `${name} (validation)`,
        rows: rows.filter((row) => head.sourceOf(row) === i),
        report: head.reports[i],
      }))
      .filter((dataset) => dataset.rows.length > 0);
  } finally {
    await head.release();
  }
}
