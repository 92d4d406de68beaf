/** JSON files: an array of rows, an object around such an array, or JSON Lines under the wrong name. */
import { parseExactJson } from '../exact-json.js';
import { badFile } from '../files.js';
import { jsonFault } from './json-fault.js';
import { readJsonl } from './jsonl.js';
import { MOST_CHARACTERS, readLines } from './lines.js';
import { asRow, reasonOf, type OriginatedRow } from './originated-row.js';

/** @throws SwiftError BAD_FILE with line and column, BAD_ROW with the row's number, FILE_NOT_FOUND */
export async function* readJson(file: string): AsyncGenerator<OriginatedRow> {
  if (await isJsonLines(file)) {
    yield* readJsonl(file);
    return;
  }
  const rows = rowsWithin(parse(file, await wholeText(file)), file);
  for (const [i, value] of rows.entries()) {
    const origin = { file, line: i + 1 };
    yield { row: asRow(value, origin), origin };
  }
}

/** Many hubs' `.json` files are JSON Lines: the first line is then a whole object, and there is another line. */
async function isJsonLines(file: string): Promise<boolean> {
  let first = true;
  for await (const { text } of readLines(file)) {
    if (text.trim() === '') continue;
    if (!first) return true;
    first = false;
    if (!text.trimStart().startsWith('{')) return false;
    try {
      parseExactJson(text);
    } catch {
      return false;
    }
  }
  return false;
}

async function wholeText(file: string): Promise<string> {
  const lines: string[] = [];
  let length = 0;
  for await (const { text } of readLines(file)) {
    length += text.length + 1;
    if (length > MOST_CHARACTERS) {
      throw badFile(file, 'is too large for one JSON array', ['Store it as JSON Lines or parquet.']);
    }
    lines.push(text);
  }
  return lines.join('\n');
}

function parse(file: string, text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    const fault = jsonFault(text);
    const place = fault ? ` at line ${fault.line}, column ${fault.column}` : '';
    throw badFile(file, `is not JSON${place}: ${reasonOf(error)}`);
  }
}

/** An array is the rows; an object's only array of objects is; any other object is a single row. */
function rowsWithin(value: unknown, file: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null)
    throw badFile(file, 'holds neither an array nor an object');
  const tables = Object.entries(value).filter(
    ([key, entry]) =>
      !MESSAGE_KEYS.has(key) && Array.isArray(entry) && entry.length > 0 && typeof entry[0] === 'object',
  );
  return tables.length === 1 ? (tables[0][1] as unknown[]) : [value];
}

/** Keys under which a single row keeps its turns, so the file is that row and not a table of turns. */
const MESSAGE_KEYS = new Set(['messages', 'conversations', 'conversation', 'history', 'tools', 'objects']);
