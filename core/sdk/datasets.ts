/** Datasets by the names that users give, read into memory. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JobDataset } from '../contracts/job.js';
import type { Thinking } from '../contracts/template.js';
import {
  loadDataset,
  SeededRandom,
  splitDataset,
  type DatasetSource,
  type LoadedDataset,
} from '../data/index.js';
import { SwiftError } from '../errors.js';
import { readRows } from '../io/rows/read-rows.js';
import { absoluteDataset } from '../job/absolute-paths.js';
import { findDataset } from './find-dataset.js';
import type { Services } from './services.js';

/** The part of a command's arguments that is about data. */
export interface DataOptions {
  readonly seed: number;
  readonly dataset: readonly string[];
  readonly val_dataset: readonly string[];
  readonly dataset_seed: number | null;
  readonly dataset_test_ratio: number;
  readonly max_length: number;
  readonly truncation_strategy: 'delete' | 'left' | 'right';
  readonly check_dataset_strategy: 'none' | 'error' | 'discard' | 'warning';
  readonly thinking: 'AUTO' | Thinking;
  readonly system: string | null;
  readonly model_name: readonly string[];
  readonly model_author: readonly string[];
  /** The rows are asked, not learned: an answer may be missing. */
  readonly questions?: boolean;
  /** Rows are kept as they were read, too. */
  readonly columns?: boolean;
}

export interface LoadedRows {
  readonly train: readonly LoadedDataset[];
  readonly validation: readonly LoadedDataset[];
}

/** A dataset that was found, and how its rows are drawn. */
export interface FoundDataset {
  readonly source: DatasetSource;
  readonly described: JobDataset;
}

export interface FoundDatasets {
  readonly train: readonly FoundDataset[];
  /** Empty where rows are set aside instead. */
  readonly validation: readonly FoundDataset[];
}

/** Finds the named datasets, fetching what is not on this machine. @throws SwiftError */
export async function findDatasets(options: DataOptions, services: Services): Promise<FoundDatasets> {
  const seed = options.dataset_seed ?? options.seed;
  const found: FoundDataset[] = [];
  const names = requireNames(options);
  const { catalog } = services.plugins;
  for (const name of [...names, ...options.val_dataset]) {
    const source = await findDataset(name, services);
    const drawn =
      source.rows === undefined ? {} : { drawn: { rows: source.rows, seed, stream: found.length } };
    const files = source.paths.map((path) => resolve(path));
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    found.push({ source, described: { name: absoluteDataset(name, catalog), files, bytes, ...drawn } });
  }
  return { train: found.slice(0, names.length), validation: found.slice(names.length) };
}

/** Reads the named datasets and sets validation rows aside. @param found when they are found already @throws SwiftError */
export async function loadDatasets(
  options: DataOptions,
  services: Services,
  found?: FoundDatasets,
): Promise<LoadedRows> {
  const { train, validation } = found ?? (await findDatasets(options, services));
  const all = await readFound(train, options);
  if (validation.length > 0) return { train: all, validation: await readFound(validation, options) };
  const seed = options.dataset_seed ?? options.seed;
  const parts = all.map((dataset, i) =>
    splitDataset(dataset, options.dataset_test_ratio, SeededRandom.stream(seed, 'split', i)),
  );
  const held = parts.map(({ val }) => val).filter(({ rows }) => rows.length > 0);
  return { train: parts.map(({ train }) => train), validation: held };
}

/** Reads datasets, without setting rows aside. */
export async function readFound(
  found: readonly FoundDataset[],
  options: DataOptions,
): Promise<LoadedDataset[]> {
  const loaded: LoadedDataset[] = [];
  for (const { source, described } of found) {
    const { seed, stream } = described.drawn ?? { seed: 0, stream: 0 };
    const random = SeededRandom.stream(seed, 'rows', stream);
    const reading = { readRows, random, context: options, onBadRow: onBadRow(options) };
    loaded.push({ ...(await loadDataset(source, reading)), described });
  }
  return loaded;
}

/** @throws SwiftError BAD_ARGUMENT where none is named */
function requireNames({ dataset }: Pick<DataOptions, 'dataset'>): readonly string[] {
  if (dataset.length > 0) return dataset;
  throw new SwiftError('BAD_ARGUMENT', 'no dataset is given', {
    cure: 'Name one: --dataset alpaca-en#500, a repository id, or a file (see swift list datasets).',
  });
}

/** What a row of the wrong shape does. */
export function onBadRow({
  check_dataset_strategy,
}: Pick<DataOptions, 'check_dataset_strategy'>): 'error' | 'drop' {
  return ['discard', 'warning'].includes(check_dataset_strategy) ? 'drop' : 'error';
}
