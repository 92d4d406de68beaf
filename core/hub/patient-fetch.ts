/** Fetching from servers that stall, go on for ever, or ask for a pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from './hub-errors.js';
import type { Fetch } from './download.js';

/** Statuses that a later try may not meet again. */
export const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Tries of one question before its last answer counts. */
const TRIES = 4;
/** Seconds a server may ask for before the next try; longer than that nobody waits without being asked. */
const LONGEST_PAUSE = 60;
/** Bytes of an answer that is not a file. */
const MOST_BYTES = 64 * 2 ** 20;
/** Questions that one listing may take. */
const MOST_PAGES = 2000;

export interface Patience {
  /** Milliseconds without progress before a try is given up. */
  readonly timeout: number;
  /** Milliseconds before the first retry, doubled for each further one. */
  readonly patience: number;
}

/**
 * `fetch` for questions with short answers: each is read whole, within the time-out and a size, and asked again where
 * the server is busy or the connection breaks. A server whose pages never end is stopped.
 */
export function patientFetch(plain: Fetch, limits: Patience): Fetch {
  let pages = 0;
  return async (input, init) => {
    if (++pages > MOST_PAGES) throw new Error(`the answer has more than ${MOST_PAGES} pages`);
    for (let attempt = 1; ; attempt++) {
      let pause: number;
      try {
        const response = await plain(input, { ...init, signal: AbortSignal.timeout(limits.timeout) });
        if (!PASSING.has(response.status) || attempt === TRIES) return await readWhole(response);
        await response.body?.cancel();
        pause = pauseOf(response) ?? limits.patience * 2 ** (attempt - 1);
      } catch (error) {
        if (attempt === TRIES || isLasting(error)) throw error;
        pause = limits.patience * 2 ** (attempt - 1);
      }
      await sleep(pause);
    }
  };
}

/** Milliseconds that a busy server asks for in `Retry-After`, in seconds or as a date. */
export function pauseOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? 1000 * Math.min(LONGEST_PAUSE, Math.max(0, seconds)) : undefined;
}

class TooLong extends Error {}

/** A name that does not resolve, or a refused connection, does not come back within seconds. */
function isLasting(error: unknown): boolean {
  if (error instanceof TooLong || error instanceof HttpError) return true;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return ['ENOTFOUND', 'ECONNREFUSED', 'ERR_INVALID_URL'].includes(String(cause?.code));
}

async function readWhole(response: Response): Promise<Response> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > MOST_BYTES) throw new TooLong(`the answer is longer than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  const { status, statusText, headers, url } = response;
  const isEmpty = [101, 204, 205, 304].includes(status);
  const whole = new Response(isEmpty ? null : Buffer.concat(pieces), { status, statusText, headers });
  return Object.defineProperty(whole, 'url', { value: url });
}

/** Bytes that must arrive within the time-out: a server that sends less will not end today. */
const LEAST_BYTES = 16 * 1024;

/**
 * The pieces of a body as they come. @throws Error when, within the time-out, neither the end nor enough of it arrives
 */
export async function* livePieces(
  body: AsyncIterable<Uint8Array>,
  timeout: number,
): AsyncIterable<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  let [since, arrived] = [Date.now(), 0];
  try {
    for (;;) {
      const left = Math.max(1, since + timeout - Date.now());
      const next = await within(pieces.next(), left, timeout);
      if (next.done) return;
      yield next.value;
      arrived += next.value.byteLength;
      if (arrived >= LEAST_BYTES) [since, arrived] = [Date.now(), 0];
    }
  } finally {
    // Not awaited: a body that stalls does not answer.
    void Promise.resolve(pieces.return?.()).catch(() => undefined);
  }
}

/** @throws Error after `milliseconds` without a result; `timeout` is what it says */
async function within<T>(work: Promise<T>, milliseconds: number, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${timeout / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
