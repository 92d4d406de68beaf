/** Rows into samples, as the arguments of a command say. */
import type { Log } from '../contracts/log.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import type { Objective } from '../contracts/trainer.js';
import { counted } from '../counted.js';
import {
  encodeDataset,
  RowEncoder,
  type DataReport,
  type EncodeDatasetOptions,
  type LoadedDataset,
  type SampleSet,
  type SeenRows,
} from '../data/index.js';
import type { Optimized } from '../train/optimized.js';
import { onBadRow, type DataOptions } from './datasets.js';

export interface EncodeContext {
  readonly template: Template;
  readonly tokenizer: Tokenizer;
  /** Of the trainer. */
  readonly supervise: Optimized['supervise'];
  readonly objective?: Objective;
  /** Opens and keeps the pictures of rows; absent for a model of text. */
  readonly seen?: SeenRows;
  readonly log: Log;
}

type EncodeArguments = Pick<
  DataOptions,
  'max_length' | 'truncation_strategy' | 'system' | 'thinking' | 'check_dataset_strategy'
>;

function encodeOptions(
  options: EncodeArguments,
  { supervise, objective, seen }: EncodeContext,
): EncodeDatasetOptions {
  return {
    max_length: options.max_length,
    truncation_strategy: options.truncation_strategy,
    system: options.system ?? undefined,
    thinking: options.thinking === 'AUTO' ? undefined : options.thinking,
    supervise,
    sequences: objective && ((row) => objective.sequences(row)),
    onBadRow: onBadRow(options),
    seen,
  };
}

/** Makes samples of single rows. */
export function encoderOf(options: EncodeArguments, context: EncodeContext): RowEncoder {
  return new RowEncoder(context.template, context.tokenizer, encodeOptions(options, context));
}

/** Encodes rows into samples and says what became of them. */
export async function encodeRows(
  what: 'training' | 'validation',
  datasets: readonly LoadedDataset[],
  options: EncodeArguments,
  context: EncodeContext,
): Promise<SampleSet> {
  if (datasets.length === 0) return { samples: [] };
  for (const { rows } of datasets) await context.seen?.open(rows);
  const { reports, ...set } = encodeDataset(
    datasets,
    context.template,
    context.tokenizer,
    encodeOptions(options, context),
  );
  sayReports(`${what} data`, reports, context.log);
  return set;
}

export function sayReports(what: string, reports: readonly DataReport[], log: Log): void {
  for (const report of reports) log.info(`${what}: ${report.toString()}, ${counted(report.tokens, 'token')}`);
}
