/** Lines of a text file, streamed. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { badFile, errnoOf, unreadable } from '../files.js';
import { badRow } from './originated-row.js';

export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** The longest line or row that is read. V8's limit for a string is a little above this. */
export const MOST_CHARACTERS = 500_000_000;

/** The bytes of a file, unpacked when its name ends in `.gz`. */
function byteStream(path: string): NodeJS.ReadableStream {
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!path.toLowerCase().endsWith('.gz')) return raw;
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error));
  return raw.pipe(unpacked);
}

/**
 * The text of a file, in pieces, without a byte order mark.
 * @throws SwiftError FILE_NOT_FOUND, BAD_FILE when the bytes are not UTF-8 or not the gzip they claim to be
 */
export async function* decodedText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  try {
    for await (const bytes of byteStream(path)) {
      const text = decoder.decode(bytes as unknown as Uint8Array, { stream: true });
      yield text;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++;
    }
    yield decoder.decode();
  } catch (error) {
    throw textFault(path, line, error);
  }
}

/**
 * Splits at line feeds alone: JSON may hold U+2028 and its like within a text. The carriage return of a CRLF is dropped.
 * @throws SwiftError as {@link decodedText}, BAD_ROW for a line too long to be held
 */
export async function* readLines(path: string, most = MOST_CHARACTERS): AsyncGenerator<Line> {
  // Pieces of an unfinished line are joined once: a file may be one line of hundreds of megabytes.
  let pieces: string[] = [];
  let held = 0;
  let line = 0;
  for await (const text of decodedText(path)) {
    const [head, ...tail] = text.split('\n');
    pieces.push(head);
    held += head.length;
    for (const next of tail) {
      yield { text: withoutReturn(pieces.join('')), line: ++line };
      pieces = [next];
      held = next.length;
    }
    if (held > most) throw tooLong(path, line + 1, most);
  }
  const last = pieces.join('');
  if (last !== '') yield { text: withoutReturn(last), line: line + 1 };
}

const tooLong = (file: string, line: number, most: number): Error =>
  badRow(
    { file, line },
    `this line has more than ${most} characters`,
    'Take the row out, or write it in several.',
  );

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** What a failure to read text near a line means to the user. */
function textFault(path: string, line: number, error: unknown): unknown {
  const code = errnoOf(error);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return badFile(path, `is not UTF-8 text at or after line ${line}`, ['Save the file as UTF-8.']);
  }
  if (code?.startsWith('Z_')) return badFile(path, 'is not a complete gzip file', ['Fetch the file again.']);
  return code?.startsWith('E') && !code.startsWith('ERR_') ? unreadable(path, error) : error;
}
