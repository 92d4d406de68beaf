/** Comma-, semicolon- or tab-separated files with a header line. All values are texts. The one user of `csv-parse`. */
import { Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import { badFile } from '../files.js';
import { decodedText, MOST_CHARACTERS } from './lines.js';
import { badRow, type OriginatedRow } from './originated-row.js';

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: Info;
}

/** As spreadsheets write csv, the usual one first. */
const DELIMITERS = [',', ';', '\t'];

/**
 * A row's line is the first of those it spans. A quote inside a field is a character; columns without a name are left out.
 *
 * @param delimiter the one that most columns of the header are parted by when absent.
 * @throws SwiftError BAD_ROW with `file:line`, BAD_FILE for repeated columns and other encodings, FILE_NOT_FOUND
 */
export async function* readCsv(file: string, delimiter?: string): AsyncGenerator<OriginatedRow> {
  const { parse, CsvError } = await import('csv-parse');
  const parser = parse({
    delimiter: delimiter ?? delimiterOf(await headerOf(file)),
    info: true,
    skip_empty_lines: true,
    relax_quotes: true,
    max_record_size: MOST_CHARACTERS,
    columns: (header: string[]) => checkHeader(file, header),
  });
  const source = Readable.from(decodedText(file), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 2;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      yield { row: record, origin: { file, line } };
      line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: number };
    throw badRow({ file, line: lines ?? line }, error.message);
  } finally {
    source.destroy();
  }
}

function checkHeader(file: string, header: string[]): (string | false)[] {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw badFile(file, `has two columns named '${twice}'`);
  return names.map((name) => (name === '' ? false : name));
}

/** The first line that is not blank, as far as the file's first piece holds it. */
async function headerOf(file: string): Promise<string> {
  for await (const text of decodedText(file)) {
    const line = /[^\r\n]+/.exec(text);
    if (line) return line[0];
  }
  return '';
}

function delimiterOf(header: string): string {
  const plain = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((each) => plain.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}
