/** Rows of tar files, as WebDataset lays them out: files of one name are the fields of a row, called by their endings. */
import { createReadStream } from 'node:fs';
import { isSwiftError } from '../../errors.js';
import { unreadable } from '../files.js';
import { readTar } from '../tar.js';
import type { OriginatedRow } from './originated-row.js';

/** Each field is its file's bytes. @throws SwiftError BAD_FILE, FILE_NOT_FOUND */
export async function* readTarRows(file: string): AsyncGenerator<OriginatedRow> {
  const stream = createReadStream(file);
  let row: Record<string, Uint8Array> = {};
  let key: string | undefined;
  let line = 0;
  try {
    for await (const { name, data } of readTar(stream, file)) {
      const [, itsKey, field] = /^((?:.*\/)?[^/.]+)\.([^/]+)$/.exec(name) ?? [];
      if (itsKey === undefined) continue;
      if (itsKey !== key && key !== undefined) {
        yield { row, origin: { file, line: ++line } };
        row = {};
      }
      key = itsKey;
      const parts: Uint8Array[] = [];
      for await (const part of data) parts.push(part);
      row[field] = Buffer.concat(parts);
    }
  } catch (error) {
    throw isSwiftError(error) ? error : unreadable(file, error);
  } finally {
    stream.destroy();
  }
  if (key !== undefined) yield { row, origin: { file, line: ++line } };
}
