/** The files that rows of a registered dataset name: fetched, unpacked, and found by their paths. */
import { existsSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DatasetMeta, MediaFiles, PreprocessContext } from '../contracts/preprocessor.js';
import { SwiftError } from '../errors.js';
import { isArchive, unpacked } from '../io/unpack.js';
import { visibleFiles } from '../io/visible-files.js';
import type { Services } from './services.js';

/** What was asked for, as far as media depend on it. */
export interface AskedSubsets {
  /** As the user names the dataset, for errors. */
  readonly text: string;
  readonly subsets: readonly string[];
  readonly useHf: boolean;
}

/** What finds the files that a dataset's rows name; undefined where they name none. @throws SwiftError */
export async function datasetMedia(
  meta: DatasetMeta,
  asked: AskedSubsets,
  services: Services,
): Promise<PreprocessContext['media']> {
  if (!meta.media) return undefined;
  const subsets = asked.subsets.length > 0 ? asked.subsets : (meta.subsets?.slice(0, 1) ?? []);
  const folders = new Map<string, readonly string[]>();
  for (const files of meta.media) {
    const isNamed = files.subsets === undefined || files.subsets.some((subset) => subsets.includes(subset));
    if (isNamed) folders.set(files.name, await foldersOf(files, meta, { ...asked, subsets }, services));
  }
  return (name, path) =>
    folders
      .get(name)
      ?.map((folder) => join(folder, path))
      .find((file) => existsSync(file) && statSync(file).isFile());
}

/** The folders that media are in: those of archives, unpacked; for files that lie open, the repository's own. */
async function foldersOf(
  files: MediaFiles,
  { id, hf, ms }: DatasetMeta,
  { text, subsets, useHf }: AskedSubsets,
  services: Services,
): Promise<readonly string[]> {
  const isApart = files.hf !== undefined || files.ms !== undefined;
  const [hfRepo, msRepo] = isApart ? [files.hf, files.ms] : [hf, ms];
  const repo = useHf ? (hfRepo ?? msRepo) : (msRepo ?? hfRepo);
  if (repo === undefined) throw new SwiftError('BAD_ARGUMENT', `dataset '${id}' names no repository`);
  const bySubset = files.files.some((path) => path.includes('{subset}'));
  if (bySubset && subsets.length > 1) {
    throw new SwiftError('BAD_ARGUMENT', `--dataset '${text}': each subset has media of its own`, {
      cure: `Name each as a dataset of its own: --dataset ${subsets.map((subset) => `${id}:${subset}`).join(' ')}.`,
    });
  }
  const patterns = files.files.map((path) => patternOf(path.replaceAll('{subset}', subsets[0] ?? '')));
  const accept = (path: string): boolean => patterns.some((pattern) => pattern.test(path));
  const hub = repo === hfRepo ? services.hubs.hf : services.hubs.ms;
  const folder = await hub.snapshot({ repo, type: 'dataset', accept });
  const paths = (await visibleFiles(folder)).filter((path) =>
    accept(relative(folder, path).split(sep).join('/')),
  );
  if (paths.length === 0) {
    throw new SwiftError(
      'EMPTY_DATASET',
      `${repo} has none of the files that '${text}' needs: ${files.files.join(', ')}`,
    );
  }
  const archives = paths.filter(isArchive);
  const found: string[] = archives.length < paths.length ? [folder] : [];
  const onUnpack = (archive: string): void => services.log.info(`data: ${id}: unpacking ${archive}`);
  for (const archive of archives) found.push(await unpacked(archive, onUnpack));
  return found;
}

/** A path with `*` for any part of a name. */
function patternOf(path: string): RegExp {
  const source = path.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${source}$`);
}
