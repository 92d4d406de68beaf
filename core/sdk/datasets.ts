import { counted } from '../counted.js';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../contracts/log.js';
import type { DatasetMeta, Preprocessor } from '../contracts/preprocessor.js';
import type { Sample, Template, Thinking } from '../contracts/template.js';
import type { Objective } from '../contracts/trainer.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import {
  AutoPreprocessor,
  encodeDataset,
  loadDataset,
  parseDatasetSpec,
  SeededRandom,
  SeenRows,
  splitDataset,
  type DatasetSource,
  type DatasetSpec,
  type LoadedDataset,
  type Pictures,
} from '../data/index.js';
import { SwiftError } from '../errors.js';
import { resolveSource } from '../hub/resolve-source.js';
import { whyNotBuilt } from '../registry/not-built.js';
import { readRows } from '../io/rows/read-rows.js';
import { acceptCard, acceptFiles, findFiles, type WantedFiles } from './dataset-files.js';
import type { Optimized } from '../train/optimized.js';
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
  if (options.dataset.length === 0) {
    throw new SwiftError('BAD_ARGUMENT', 'no dataset is given', {
      cure: 'Name one: --dataset alpaca-en#500, a repository id, or a file (see swift list datasets).',
    });
  }
  const seed = options.dataset_seed ?? options.seed;
  const load = (names: readonly string[], offset: number): Promise<LoadedDataset[]> =>
    inOrder(names, async (name, i) =>
      loadDataset(await findDataset(parseDatasetSpec(name), services), {
        readRows,
        random: SeededRandom.stream(seed, 'rows', offset + i),
        context: options,
        onBadRow: onBadRow(options),
      }),
    );
  const all = await load(options.dataset, 0);
  if (options.val_dataset.length > 0)
    return { train: all, validation: await load(options.val_dataset, all.length) };
  const parts = all.map((dataset, i) =>
    splitDataset(dataset, options.dataset_test_ratio, SeededRandom.stream(seed, 'split', i)),
  );
  const validation = parts.map(({ val }) => val).filter(({ rows }) => rows.length > 0);
  return { train: parts.map(({ train }) => train), validation };
}

export interface EncodeContext {
  readonly template: Template;
  readonly tokenizer: Tokenizer;
  /** Of the trainer. */
  readonly supervise: Optimized['supervise'];
  readonly objective?: Objective;
  /** Opens the pictures of rows; absent for a model of text. */
  readonly pictures?: Pictures;
  readonly log: Log;
}

/** Encodes rows into samples and says what became of them. */
export async function encodeRows(
  what: 'training' | 'validation',
  datasets: readonly LoadedDataset[],
  options: Pick<
    DataOptions,
    'max_length' | 'truncation_strategy' | 'system' | 'thinking' | 'check_dataset_strategy'
  >,
  { template, tokenizer, supervise, objective, pictures, log }: EncodeContext,
): Promise<readonly Sample[]> {
  if (datasets.length === 0) return [];
  const seen = pictures && (await SeenRows.of(datasets, pictures));
  const { samples, reports } = encodeDataset(datasets, template, tokenizer, {
    max_length: options.max_length,
    truncation_strategy: options.truncation_strategy,
    system: options.system ?? undefined,
    thinking: options.thinking === 'AUTO' ? undefined : options.thinking,
    supervise,
    sequences: objective && ((row) => objective.sequences(row)),
    onBadRow: onBadRow(options),
    seen,
  });
  for (const report of reports)
    log.info(`${what} data: ${report.toString()}, ${counted(report.tokens, 'token')}`);
  return samples;
}

/** What a row of the wrong shape does. */
export function onBadRow({
  check_dataset_strategy,
}: Pick<DataOptions, 'check_dataset_strategy'>): 'error' | 'drop' {
  return ['discard', 'warning'].includes(check_dataset_strategy) ? 'drop' : 'error';
}

/** Where a dataset's files are and what reads them: a registered id, a path, or a repository. */
async function findDataset(asked: DatasetSpec, services: Services): Promise<DatasetSource> {
  const isFile = asked.hub === undefined && asked.subsets.length > 0 && existsSync(asked.whole);
  const spec = isFile ? { ...asked, id: asked.whole, isPath: true, subsets: [] } : asked;
  const { catalog } = services.plugins;
  const useHf = spec.hub === undefined ? services.useHf : spec.hub === 'hf';
  const common = { name: spec.text, rows: spec.rows };
  if (!spec.isPath && catalog.has('dataset', spec.id)) {
    const { instance, meta } = await services.plugins.resolve('dataset', spec.id);
    return { ...common, preprocessor: instance, paths: await registeredPaths(meta, spec, useHf, services) };
  }
  const preprocessor: Preprocessor = new AutoPreprocessor();
  const repository = catalog.list('dataset').find(({ hf, ms }) => [hf, ms].includes(spec.id));
  if (repository) {
    const { instance, meta } = await services.plugins.resolve('dataset', repository.id);
    return { ...common, preprocessor: instance, paths: await registeredPaths(meta, spec, useHf, services) };
  }
  if (!spec.isPath && !existsSync(spec.id) && !spec.id.includes('/')) {
    const reason = whyNotBuilt('dataset', spec.id);
    const fault =
      reason === undefined
        ? `there is no dataset '${spec.id}', and no such file`
        : `dataset '${spec.id}' of SWIFT: ${reason}`;
    throw new SwiftError('UNKNOWN_PLUGIN', fault, { cure: catalog.nearestIds('dataset', spec.id) });
  }
  const wanted: WantedFiles = { text: spec.text, split: 'train', named: spec.subsets };
  const request = { type: 'dataset', hubs: services.hubs, useHf } as const;
  const { path, repo } = await resolveSource(spec.id, { ...request, accept: acceptCard });
  if (repo !== undefined) {
    const accept = await acceptFiles(path, wanted);
    await resolveSource(spec.id, { ...request, accept });
  } else if (!statSync(path).isDirectory()) {
    if (spec.subsets.length === 0) return { ...common, preprocessor, paths: [path] };
    throw new SwiftError('BAD_ARGUMENT', `--dataset '${spec.text}': a file has no subsets`, {
      cure: 'Leave out what follows the colon.',
    });
  }
  return { ...common, preprocessor, paths: await filesIn(path, wanted, services) };
}

/** The wanted files of a folder, which may hold those of other splits, and of other subsets from earlier runs. */
async function filesIn(
  folder: string,
  wanted: WantedFiles,
  { log }: Pick<Services, 'log'>,
): Promise<readonly string[]> {
  const { paths, left } = await findFiles(folder, wanted);
  if (left.length > 0) {
    const names = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ', …' : ''}`;
    log.info(`data: ${wanted.text}: not of the split '${wanted.split}' or of another subset: ${names}`);
  }
  return paths;
}

async function registeredPaths(
  meta: DatasetMeta,
  spec: DatasetSpec,
  useHf: boolean,
  services: Services,
): Promise<readonly string[]> {
  if (meta.bundled !== undefined && spec.hub === undefined) {
    const published = (meta.hf ?? meta.ms) ? `; HF::${meta.id} reads the published ones` : '';
    services.log.info(`data: ${meta.id}: the rows that ship with its package${published}`);
    return [assetPath(meta.bundled)];
  }
  const repo = useHf ? (meta.hf ?? meta.ms) : (meta.ms ?? meta.hf);
  if (repo === undefined) throw new SwiftError('BAD_ARGUMENT', `dataset '${meta.id}' names no repository`);
  const hub = repo === meta.hf ? services.hubs.hf : services.hubs.ms;
  const wanted: WantedFiles = {
    ...{ text: spec.text, split: meta.split ?? 'train', named: spec.subsets },
    ...{ usual: meta.subsets?.[0], known: meta.subsets },
  };
  const request = { repo, type: 'dataset' } as const;
  const accept = await acceptFiles(await hub.snapshot({ ...request, accept: acceptCard }), wanted);
  return filesIn(await hub.snapshot({ ...request, accept }), wanted, services);
}

/** A file below this package's `assets`, from source and from `dist` alike; a plugin package gives a file URL. */
function assetPath(name: string): string {
  if (name.startsWith('file:')) return fileURLToPath(name);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const beside = join(root, 'assets', name);
  return existsSync(beside) ? beside : join(root, '..', 'assets', name);
}

async function inOrder<T, R>(items: readonly T[], run: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) results.push(await run(item, i));
  return results;
}
