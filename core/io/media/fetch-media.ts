import type { MediaKind } from '../../contracts/media.js';
import { isSwiftError, SwiftError } from '../../errors.js';

/** Milliseconds for one medium. */
const MOST_TIME = 60_000;

/** A medium from an address. @throws SwiftError HUB_UNREACHABLE, BAD_FILE */
export async function fetchMedia(kind: MediaKind, url: string, mostBytes: number): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown): SwiftError =>
    new SwiftError('HUB_UNREACHABLE', `the ${kind} ${url} cannot be fetched: ${why}`, {
      cure: 'Open the address in a browser; or save the file beside the data and give its path.',
      exitCode: 1,
      cause,
    });
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(MOST_TIME) });
    if (!response.ok) throw failed(`the server answers ${response.status}`);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body ?? []) {
      size += (piece as Uint8Array).byteLength;
      if (size > mostBytes) throw failed(`it has more than ${mostBytes / 2 ** 20} MiB`);
      pieces.push(piece as Uint8Array);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (isSwiftError(error)) throw error;
    throw failed((error as Error).message, error);
  }
}
