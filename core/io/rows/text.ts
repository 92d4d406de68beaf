/** Plain text: a row `{text}` for every line that is not blank. */
import { readLines } from './lines.js';
import type { OriginatedRow } from './originated-row.js';

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export async function* readText(file: string): AsyncGenerator<OriginatedRow> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() !== '') yield { row: { text }, origin: { file, line } };
  }
}
