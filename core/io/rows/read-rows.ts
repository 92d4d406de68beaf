/** Rows of data files, whatever their format. */
import { stat } from 'node:fs/promises';
import { badFile, unreadable } from '../files.js';
import { readCsv } from './csv.js';
import { findDataFiles, isRowFile } from './data-files.js';
import { readJson } from './json.js';
import { readJsonl } from './jsonl.js';
import type { OriginatedRow } from './originated-row.js';
import { readParquet } from './parquet.js';
import { readTarRows } from './tar-rows.js';
import { readText } from './text.js';

type Reader = (path: string) => AsyncIterable<OriginatedRow>;

const READERS: Readonly<Record<string, Reader>> = {
  jsonl: readJsonl,
  ndjson: readJsonl,
  json: readJson,
  csv: (path) => readCsv(path),
  tsv: (path) => readCsv(path, '\t'),
  parquet: readParquet,
  txt: readText,
};

/** Endings of the files that hold rows, without the dot. All but parquet may be gzipped (`.jsonl.gz`). */
export const ROW_FORMATS: readonly string[] = Object.keys(READERS);

/** Files that hold rows where a dataset says so: others hold media. */
const MORE_READERS: Readonly<Record<string, Reader>> = { tar: readTarRows };

/**
 * Yields every row of a file with its origin. Nothing but JSON arrays and one parquet row group at a time is held in memory.
 * @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_ROW with `file:line`
 */
export async function* readRows(path: string): AsyncGenerator<OriginatedRow> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!stats.isFile())
    throw badFile(path, stats.isDirectory() ? 'is a folder and no file' : 'is no plain file');
  yield* readFileRows(path);
}

/** Whether a file of a repository holds rows, by its name. */
export function isDataFile(path: string, formats = ROW_FORMATS): boolean {
  return isRowFile(path, formats);
}

/** The files below a folder that hold rows. */
export function dataFilesOf(folder: string, formats = ROW_FORMATS): Promise<string[]> {
  return findDataFiles(folder, formats);
}

function readFileRows(path: string): AsyncIterable<OriginatedRow> {
  const [, format = '', gz] = /\.(\w+?)(\.gz)?$/i.exec(path) ?? [];
  const name = format.toLowerCase();
  if (gz === undefined && Object.hasOwn(MORE_READERS, name)) return MORE_READERS[name](path);
  if (!Object.hasOwn(READERS, name) || (gz !== undefined && name === 'parquet')) {
    const endings = ROW_FORMATS.map((known) => `.${known}`).join(', ');
    throw badFile(path, 'is of no format that holds rows', [`Files that are read end in ${endings}.`]);
  }
  return READERS[name](path);
}
