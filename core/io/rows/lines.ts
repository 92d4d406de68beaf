/** Lines of a text file, streamed. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { badFile, errnoOf, unreadable } from '../files.js';

export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** The bytes of a file, unpacked when its name ends in `.gz`. */
export function byteStream(path: string): NodeJS.ReadableStream {
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!path.toLowerCase().endsWith('.gz')) return raw;
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error));
  return raw.pipe(unpacked);
}

/**
 * Splits at line feeds alone: JSON may hold U+2028 and its like within a text. A byte order mark is dropped, and the
 * carriage return of a CRLF too.
 * @throws SwiftError FILE_NOT_FOUND, BAD_FILE when the bytes are not UTF-8 or not the gzip they claim to be
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // Pieces of an unfinished line are joined once: a file may be one line of hundreds of megabytes.
  let pieces: string[] = [];
  let line = 0;
  try {
    for await (const bytes of byteStream(path)) {
      const [head, ...tail] = decoder.decode(bytes as unknown as Uint8Array, { stream: true }).split('\n');
      pieces.push(head);
      for (const next of tail) {
        yield { text: withoutReturn(pieces.join('')), line: ++line };
        pieces = [next];
      }
    }
    pieces.push(decoder.decode());
  } catch (error) {
    throw textFault(path, line + 1, error);
  }
  const last = pieces.join('');
  if (last !== '') yield { text: withoutReturn(last), line: line + 1 };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** What a failure to read text near a line means to the user. */
export function textFault(path: string, line: number, error: unknown): unknown {
  const code = errnoOf(error);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return badFile(path, `is not UTF-8 text at or after line ${line}`, ['Save the file as UTF-8.']);
  }
  if (code?.startsWith('Z_')) return badFile(path, 'is not a complete gzip file', ['Fetch the file again.']);
  return code?.startsWith('E') && !code.startsWith('ERR_') ? unreadable(path, error) : error;
}
