/** Rows of data files, whatever their format. */
import { stat } from 'node:fs/promises';
import { SwiftError } from '../../errors.js';
import { badFile, unreadable } from '../files.js';
import { readCsv } from './csv.js';
import { findDataFiles } from './data-files.js';
import { readJson } from './json.js';
import { readJsonl } from './jsonl.js';
import type { OriginatedRow } from './originated-row.js';
import { readParquet } from './parquet.js';
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
const ROW_FORMATS: readonly string[] = Object.keys(READERS);

/**
 * Yields every row with its origin, file by file; a folder gives the rows of all data files below it, by path.
 * Nothing but JSON arrays and one parquet row group at a time is held in memory.
 * @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_ROW with `file:line`, EMPTY_DATASET for a folder without data files
 */
export async function* readRows(path: string): AsyncGenerator<OriginatedRow> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!stats.isDirectory()) {
    yield* readFileRows(path);
    return;
  }
  const files = await dataFilesOf(path);
  if (files.length === 0) {
    throw new SwiftError('EMPTY_DATASET', `${path} holds no data files.`, {
      cure: `Files that are read end in ${ROW_FORMATS.map((format) => `.${format}`).join(', ')}.`,
    });
  }
  for (const file of files) yield* readFileRows(file);
}

/** The files below a folder that readRows reads. */
export function dataFilesOf(folder: string): Promise<string[]> {
  return findDataFiles(folder, ROW_FORMATS);
}

function readFileRows(path: string): AsyncIterable<OriginatedRow> {
  const [, format = '', gz] = /\.(\w+?)(\.gz)?$/i.exec(path) ?? [];
  const name = format.toLowerCase();
  if (!Object.hasOwn(READERS, name) || (gz !== undefined && name === 'parquet')) {
    const endings = ROW_FORMATS.map((known) => `.${known}`).join(', ');
    throw badFile(path, 'is of no format that holds rows', [`Files that are read end in ${endings}.`]);
  }
  return READERS[name](path);
}
