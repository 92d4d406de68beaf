/** Parquet files, one row group at a time. The one user of `hyparquet`. */
import type { AsyncBuffer } from 'hyparquet';
import type { RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { badFile, openFile, type RandomAccessFile } from '../files.js';
import { reasonOf, type OriginatedRow } from './originated-row.js';

/**
 * 64-bit integers become numbers where a number holds them, timestamps ISO texts; binary stays `Uint8Array`.
 * @throws SwiftError BAD_FILE, FILE_NOT_FOUND
 */
export async function* readParquet(path: string): AsyncGenerator<OriginatedRow> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const handle = await openFile(path);
  try {
    const file = bufferOver(handle);
    const metadata = await guard(path, () => parquetMetadataAsync(file));
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      // Without `utf8: false` image bytes, which carry no annotation, would be mangled into text.
      const options = { file, metadata, compressors, rowStart, rowEnd, utf8: false };
      const rows = await guard(path, () => parquetReadObjects(options));
      for (const [i, row] of rows.entries()) {
        yield { row: plain(row) as RawRow, origin: { file: path, line: rowStart + i + 1 } };
      }
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

function bufferOver(file: RandomAccessFile): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end = file.size) {
      return (await file.read(start, end - start)).buffer as ArrayBuffer;
    },
  };
}

async function guard<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SwiftError) throw error;
    throw badFile(path, `is not a readable parquet file: ${reasonOf(error)}`);
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
