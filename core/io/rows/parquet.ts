/** Parquet files, one row group at a time. The one user of `hyparquet`. */
import { counted } from '../../counted.js';
import type { AsyncBuffer, RowGroup, SchemaTree } from 'hyparquet';
import type { RawRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { badFile, openFile, type RandomAccessFile } from '../files.js';
import { reasonOf, type OriginatedRow } from './originated-row.js';
import { exactDecimals, rowReader } from './parquet-values.js';

/** A row group is read whole; a file that says it has more rows in one than anybody writes is damaged. */
const MOST_ROWS = 50_000_000;

/**
 * 64-bit integers become numbers where a number holds them, decimals and timestamps (ISO) texts; binary stays
 * `Uint8Array`.
 * @throws SwiftError BAD_FILE, FILE_NOT_FOUND
 */
export async function* readParquet(path: string): AsyncGenerator<OriginatedRow> {
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const handle = await openFile(path);
  try {
    const file = bufferOver(handle);
    const metadata = await guard(path, () => parquetMetadataAsync(file));
    const scales = exactDecimals(metadata);
    const schema = await guard(path, () => Promise.resolve(parquetSchema(metadata)));
    const toRow = rowReader(schema, scales);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const count = rowsOf(path, group);
      checkColumns(path, group, schema);
      if (count === 0) continue;
      const rowEnd = rowStart + count;
      const columns: [string, Record<string, unknown>[]][] = [];
      // One column at a time: of several that fail at once, hyparquet leaves all but the first unhandled.
      for (const { element } of schema.children) {
        // Without `utf8: false` image bytes, which carry no annotation, would be mangled into text.
        const options = { file, metadata, compressors, rowStart, rowEnd, utf8: false };
        const values = await guard(path, () => parquetReadObjects({ ...options, columns: [element.name] }));
        if (values.length !== count) {
          throw badFile(
            path,
            `has ${counted(values.length, 'value')} of '${element.name}' for ${counted(count, 'row')}`,
          );
        }
        columns.push([element.name, values]);
      }
      for (let i = 0; i < count; i++) {
        const row = Object.fromEntries(columns.map(([name, values]) => [name, values[i][name]]));
        yield { row: toRow(row) as RawRow, origin: { file: path, line: rowStart + i + 1 } };
      }
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

/** The columns of a row group are the leaves of the schema; one that is neither would be read and never looked at. */
function checkColumns(path: string, { columns }: RowGroup, schema: SchemaTree): void {
  const stored = columns.map(({ meta_data }) => (meta_data?.path_in_schema ?? []).join('\n'));
  const wanted = leavesOf(schema).map((names) => names.join('\n'));
  const isSame = stored.length === wanted.length && wanted.every((name) => stored.includes(name));
  if (!isSame || new Set(stored).size < stored.length) {
    throw badFile(path, 'is damaged: the columns of a row group are not those of its schema');
  }
}

const leavesOf = ({ path, children }: SchemaTree): string[][] =>
  children.length === 0 ? [path] : children.flatMap(leavesOf);

function rowsOf(path: string, group: RowGroup): number {
  const counts = [group.num_rows, ...group.columns.map(({ meta_data }) => meta_data?.num_values ?? 0n)];
  const wrong = counts.find((count) => count < 0n || count > BigInt(MOST_ROWS));
  if (wrong !== undefined) throw badFile(path, `is damaged: a row group of ${wrong} values`);
  return Number(group.num_rows);
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
