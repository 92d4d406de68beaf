/** Datasets by the names that users give, read into memory. */
import type { Thinking } from '../contracts/template.js';
import { loadDataset, SeededRandom, splitDataset, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { readRows } from '../io/rows/read-rows.js';
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
}

export interface LoadedRows {
  readonly train: readonly LoadedDataset[];
  readonly validation: readonly LoadedDataset[];
}

/** Reads the named datasets and sets validation rows aside. @throws SwiftError */
export async function loadDatasets(options: DataOptions, services: Services): Promise<LoadedRows> {
  const all = await loadNamed(requireNames(options), 0, options, services);
  if (options.val_dataset.length > 0)
    return { train: all, validation: await loadNamed(options.val_dataset, all.length, options, services) };
  const seed = options.dataset_seed ?? options.seed;
  const parts = all.map((dataset, i) =>
    splitDataset(dataset, options.dataset_test_ratio, SeededRandom.stream(seed, 'split', i)),
  );
  const validation = parts.map(({ val }) => val).filter(({ rows }) => rows.length > 0);
  return { train: parts.map(({ train }) => train), validation };
}

/** Reads datasets, without setting rows aside. @param first number of the first one among all datasets of the run */
export async function loadNamed(
  names: readonly string[],
  first: number,
  options: DataOptions,
  services: Services,
): Promise<LoadedDataset[]> {
  const seed = options.dataset_seed ?? options.seed;
  const loaded: LoadedDataset[] = [];
  for (const [i, name] of names.entries()) {
    const random = SeededRandom.stream(seed, 'rows', first + i);
    const reading = { readRows, random, context: options, onBadRow: onBadRow(options) };
    loaded.push(await loadDataset(await findDataset(name, services), reading));
  }
  return loaded;
}

/** @throws SwiftError BAD_ARGUMENT where none is named */
export function requireNames({ dataset }: Pick<DataOptions, 'dataset'>): readonly string[] {
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
