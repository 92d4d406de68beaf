/** Comma- or tab-separated files with a header line. All values are texts. The one user of `csv-parse`. */
import type { CsvError, Info } from 'csv-parse';
import { badFile, errnoOf } from '../files.js';
import { byteStream, textFault } from './lines.js';
import { badRow, type OriginatedRow } from './originated-row.js';

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: Info;
}

/**
 * A row's line is the first of those it spans.
 * @throws SwiftError BAD_ROW with `file:line`, BAD_FILE for repeated columns, FILE_NOT_FOUND
 */
export async function* readCsv(file: string, delimiter: ',' | '\t'): AsyncGenerator<OriginatedRow> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    skip_empty_lines: true,
    columns: (header: string[]) => checkHeader(file, header),
  });
  const source = byteStream(file);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 2;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      yield { row: record, origin: { file, line } };
      line = info.lines + 1;
    }
  } catch (error) {
    if (!errnoOf(error)?.startsWith('CSV_')) throw textFault(file, line, error);
    const { message, lines } = error as CsvError & { lines?: number };
    throw badRow({ file, line: lines ?? line }, message);
  }
}

function checkHeader(file: string, header: string[]): string[] {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw badFile(file, `has two columns named '${twice}'`);
  return names;
}
