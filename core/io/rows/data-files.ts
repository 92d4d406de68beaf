/** Which files of a dataset folder hold its rows. */
import { basename } from 'node:path';
import { visibleFiles } from '../visible-files.js';

/** Files that describe a repository. */
const DESCRIPTIONS = /^(?:dataset_infos?|dataset_dict|config|configuration|state|README)\.(?:json|txt)$/i;

/** Whether a file holds rows, by its name. */
export function isRowFile(path: string, formats: readonly string[]): boolean {
  const ending = new RegExp(`\\.(${formats.join('|')})(\\.gz)?$`, 'i');
  return ending.test(path) && !DESCRIPTIONS.test(basename(path));
}

/**
 * Paths of the data files below `folder`, sorted by code points. Hidden files and folders do not count, nor do
 * text files beside files of a better format: they are licences and notes.
 */
export async function findDataFiles(folder: string, formats: readonly string[]): Promise<string[]> {
  const files = (await visibleFiles(folder)).filter((path) => isRowFile(path, formats));
  const better = files.filter((path) => !/\.txt(\.gz)?$/i.test(path));
  return better.length > 0 ? better : files;
}
