/** The files of a dataset that a run reads: of the wanted split and subsets, by its card or by the names of its files. */
import { existsSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { SnapshotRequest } from '../contracts/hub.js';
import { didYouMean, SwiftError } from '../errors.js';
import { readCard, type CardConfig } from '../io/rows/dataset-card.js';
import { dataFilesOf, isDataFile, ROW_FORMATS } from '../io/rows/read-rows.js';
import { filesOfSplit, filesOfSubset } from '../io/rows/split-files.js';

export interface WantedFiles {
  /** As the user names the dataset, for errors. */
  readonly text: string;
  readonly splits: readonly string[];
  /** Subsets that the user named. */
  readonly named: readonly string[];
  /** Subset that is read when the user named none. */
  readonly usual?: string;
  /** Endings of the files that hold rows, where these are not the usual ones. */
  readonly formats?: readonly string[];
  /** All subsets, where they are known. */
  readonly known?: readonly string[];
}

export interface FoundFiles {
  readonly paths: readonly string[];
  /** Data files that are of another split or subset, by their paths in the folder. */
  readonly left: readonly string[];
}

/** The card alone: it says which files to fetch. */
export const acceptCard: SnapshotRequest['accept'] = (path) => path === 'README.md';

/** What is to be fetched of a repository whose card lies in `folder`. */
export async function acceptFiles(
  folder: string | undefined,
  wanted: WantedFiles,
): Promise<(path: string) => boolean> {
  const configs = folder === undefined ? [] : await readCard(folder);
  byCard([], configs, wanted);
  // Which files are wanted depends on all of them, so each is asked alone and what is too many left aside later.
  return (path) => {
    if (!isDataFile(path, wanted.formats)) return false;
    const chosen = byCard([path], configs, wanted);
    if (chosen !== undefined) return chosen.length > 0;
    if (ofSplits([path], wanted).length === 0) return false;
    const subsets = subsetsOf(wanted);
    return (
      subsets.length === 0 ||
      !path.includes('/') ||
      subsets.some((each) => filesOfSubset([path], each).length > 0)
    );
  };
}

/** @throws SwiftError BAD_ARGUMENT for a subset that is not there, EMPTY_DATASET when no file is left */
export async function findFiles(folder: string, wanted: WantedFiles): Promise<FoundFiles> {
  const files = existsSync(folder) ? await dataFilesOf(folder, wanted.formats) : [];
  const inside = new Map(files.map((path) => [relative(folder, path).split(sep).join('/'), path]));
  const all = [...inside.keys()];
  const chosen = byCard(all, await readCard(folder), wanted) ?? byNames(all, wanted);
  if (all.length === 0) {
    throw new SwiftError('EMPTY_DATASET', `dataset '${wanted.text}' holds no data files`, {
      cure: `Files that are read end in ${(wanted.formats ?? ROW_FORMATS).map((format) => `.${format}`).join(', ')}.`,
    });
  }
  if (chosen.length === 0) {
    throw new SwiftError(
      'EMPTY_DATASET',
      `dataset '${wanted.text}' has no data files of the split '${wanted.splits.join("' or '")}'`,
      { cure: `It has: ${all.slice(0, 8).join(', ')}. Name a file itself to read it.` },
    );
  }
  const taken = new Set(chosen);
  return { paths: chosen.map((path) => inside.get(path)!), left: all.filter((path) => !taken.has(path)) };
}

const subsetsOf = ({ named, usual }: WantedFiles): readonly string[] =>
  (named.length > 0 || usual === undefined ? named : [usual]).filter((subset) => subset !== 'default');

/** Undefined when the card says nothing of the wanted subsets. */
function byCard(
  paths: readonly string[],
  configs: readonly CardConfig[],
  wanted: WantedFiles,
): readonly string[] | undefined {
  if (configs.length === 0) return undefined;
  const subsets = wanted.named.length > 0 || wanted.usual === undefined ? wanted.named : [wanted.usual];
  const chosen =
    subsets.length > 0
      ? subsets.map((subset) => configs.find(({ name }) => name === subset))
      : [configs.length === 1 ? configs[0] : configs.find(({ isDefault }) => isDefault)];
  if (chosen.includes(undefined)) {
    if (subsets.length > 0) return undefined;
    const names = configs.map(({ name }) => name);
    throw new SwiftError('BAD_ARGUMENT', `dataset '${wanted.text}' has several subsets, and none is named`, {
      cure: `Name one or more: --dataset ${wanted.text}:${names[0]}. It has: ${names.join(', ')}.`,
    });
  }
  const { splits } = wanted;
  return [
    ...new Set(chosen.flatMap((config) => splits.flatMap((split) => config!.files(paths, split) ?? []))),
  ];
}

function byNames(all: readonly string[], wanted: WantedFiles): readonly string[] {
  const subsets = subsetsOf(wanted);
  const found = subsets.map((subset) => filesOfSubset(all, subset));
  const missing = found.findIndex((files) => files.length === 0);
  if (missing >= 0 && wanted.named.length > 0) {
    const { text, known } = wanted;
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--dataset '${text}': the dataset has no subset '${subsets[missing]}'`,
      {
        cure: known ? [...didYouMean(subsets[missing], known), `It has: ${known.join(', ')}.`] : [],
      },
    );
  }
  // Published anew, a repository of one subset may have no folder for it.
  const files = subsets.length === 0 || missing >= 0 ? all : [...new Set(found.flat())];
  return ofSplits(files, wanted);
}

/** Of several splits, those that the files have. */
const ofSplits = (paths: readonly string[], { splits }: WantedFiles): string[] => [
  ...new Set(splits.flatMap((split) => filesOfSplit(paths, split))),
];
