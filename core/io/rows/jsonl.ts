/** JSON Lines: one object a line, blank lines skipped. */
import { parseExactJson } from '../exact-json.js';
import { readLines } from './lines.js';
import { asRow, badRow, reasonOf, type OriginatedRow } from './originated-row.js';

/** @throws SwiftError BAD_ROW with `file:line`, BAD_FILE, FILE_NOT_FOUND */
export async function* readJsonl(file: string): AsyncGenerator<OriginatedRow> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue;
    const origin = { file, line };
    let value: unknown;
    try {
      value = parseExactJson(text);
    } catch (error) {
      throw badRow(origin, `this line is not JSON: ${reasonOf(error)}`, 'Write one object on each line.');
    }
    yield { row: asRow(value, origin), origin };
  }
}
