import type { MediaKind } from '../../contracts/media.js';
import { isSwiftError, SwiftError } from '../../errors.js';
import { checkHost } from './allowed-hosts.js';

/** Milliseconds for one medium. */
const MOST_TIME = 60_000;

/** How often an address may lead to another one. */
const MOST_REDIRECTS = 5;

/** A medium from an address. @throws SwiftError HUB_UNREACHABLE, BAD_ROW for a host that is not asked */
export async function fetchMedia(kind: MediaKind, url: string, mostBytes: number): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown): SwiftError =>
    new SwiftError('HUB_UNREACHABLE', `the ${kind} ${url} cannot be fetched: ${why}`, {
      cure: 'Open the address in a browser; or save the file beside the data and give its path.',
      exitCode: 1,
      cause,
    });
  try {
    const response = await fetchAllowed(url, AbortSignal.timeout(MOST_TIME));
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(`the server answers ${response.status}`);
    }
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

/** Each host on the way is checked. */
async function fetchAllowed(address: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    await checkHost(url);
    const response = await fetch(url, { signal, redirect: 'manual' });
    const next = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || next === null) return response;
    await response.body?.cancel();
    url = new URL(next, url);
    if (!/^https?:$/.test(url.protocol)) throw new Error(`it leads to ${url.protocol}`);
  }
  throw new Error(`it leads on more than ${MOST_REDIRECTS} times`);
}
