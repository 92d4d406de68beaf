/** Rows into samples, as the arguments of a command say. */
import type { Log } from '../contracts/log.js';
import type { LossScaling } from '../contracts/loss-scale.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import type { Objective } from '../contracts/trainer.js';
import { counted } from '../counted.js';
import { isSwiftError } from '../errors.js';
import {
  charactersOf,
  encodeDataset,
  EncodingHere,
  RowEncoder,
  type EncoderSettings,
  type DataReport,
  type Encoding,
  type LoadedDataset,
  type SampleSet,
  type SeenRows,
} from '../data/index.js';
import type { Optimized } from '../train/optimized.js';
import { onBadRow, type DataOptions } from './datasets.js';
import { openEncoding, type Amount, type EncodingArguments } from './encoding/open-encoding.js';
import type { Services } from './services.js';

export interface EncodeContext {
  readonly template: Template;
  readonly tokenizer: Tokenizer;
  /** Of the trainer. */
  readonly supervise: Optimized['supervise'];
  /** Which answers are learned, and how much their tokens weigh. */
  readonly loss_scale?: LossScaling;
  readonly objective?: Objective;
  readonly trainer?: Optimized['trainer'];
  /** Opens and keeps the pictures of rows; absent for a model of text. */
  readonly seen?: SeenRows;
  readonly services: Pick<Services, 'plugins' | 'named' | 'log'>;
}

type EncodeArguments = Pick<
  DataOptions,
  'max_length' | 'truncation_strategy' | 'system' | 'thinking' | 'check_dataset_strategy'
> &
  EncodingArguments;

function encodeOptions(options: EncodeArguments, { supervise, loss_scale }: EncodeContext): EncoderSettings {
  return {
    max_length: options.max_length,
    truncation_strategy: options.truncation_strategy,
    system: options.system ?? undefined,
    thinking: options.thinking === 'AUTO' ? undefined : options.thinking,
    supervise,
    loss_scale,
  };
}

/** Makes samples of single rows. */
export function encoderOf(options: EncodeArguments, context: EncodeContext): RowEncoder {
  const { template, tokenizer, objective, seen } = context;
  return new RowEncoder(template, tokenizer, {
    ...encodeOptions(options, context),
    sequences:
      objective && !objective.rollouts ? (row, template) => objective.sequences(row, template) : undefined,
    prompts: objective?.rollouts && (objective.rollouts.given?.by === 'rows' ? 'asked or given' : 'asked'),
    onBadRow: onBadRow(options),
    seen,
  });
}

/** Where rows are encoded. @throws SwiftError */
export function encodingOf(
  encoder: RowEncoder,
  options: EncodeArguments,
  context: EncodeContext,
  amount: Amount,
): Promise<Encoding> {
  // A prompt keeps its row, which is no matter for threads and files of ids.
  if (context.objective?.rollouts) return Promise.resolve(new EncodingHere(encoder, context.seen));
  return openEncoding(encoder, encodeOptions(options, context), options, context, amount);
}

/**
 * Encodes rows into samples and says what became of them.
 * @param drawn whether these rows were set aside by chance: without them there is still all to learn, so that none may be left
 * @throws SwiftError EMPTY_DATASET
 */
export async function encodeRows(
  what: 'training' | 'validation',
  datasets: readonly LoadedDataset[],
  options: EncodeArguments,
  context: EncodeContext,
  { drawn = false }: { readonly drawn?: boolean } = {},
): Promise<SampleSet> {
  if (datasets.length === 0) return { samples: [] };
  const { log } = context.services;
  const encoder = encoderOf(options, context);
  const encoding = await encodingOf(encoder, options, context, amountOf(datasets));
  try {
    const { reports, ...set } = await encodeDataset(datasets, encoder, encoding);
    sayReports(`${what} data`, reports, log);
    return set;
  } catch (error) {
    if (!drawn || !isSwiftError(error) || error.code !== 'EMPTY_DATASET') throw error;
    log.warn(`nothing is validated: of the rows that were set aside, none are left. ${error.message}`);
    return { samples: [] };
  } finally {
    await encoding.close();
  }
}

/** What opening an image costs, in characters of text. */
const OF_AN_IMAGE = 50_000;

function amountOf(datasets: readonly LoadedDataset[]): Amount {
  let characters = 0;
  for (const { rows } of datasets)
    for (const { row } of rows) characters += charactersOf(row) + OF_AN_IMAGE * (row.images?.length ?? 0);
  return { characters, isStream: false };
}

export function sayReports(what: string, reports: readonly DataReport[], log: Log): void {
  for (const report of reports) {
    log.info(`${what}: ${report.toString()}, ${counted(report.tokens, 'token')}`);
    for (const example of report.examples) log.info(`dropped: ${example}`);
  }
}
