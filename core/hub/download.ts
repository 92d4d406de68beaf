/** Fetching one file: resumed after a break, checked against its hash, and named only when whole. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { notWritable } from '../io/atomic-write.js';
import { tryLock, type FileLock } from '../io/file-lock.js';
import { makeFolder } from '../io/make-folder.js';
import { HttpError } from './hub-errors.js';
import { livePieces, PASSING, pauseOf, type Patience } from './patient-fetch.js';
import type { RemoteFile } from './remote-repository.js';

export type Fetch = typeof fetch;

export interface Download extends Patience {
  readonly url: string;
  readonly file: RemoteFile;
  /** Where the file goes once it is whole. */
  readonly target: string;
  /** Where it grows; a former part found here is continued. Its name must tell the content apart. */
  readonly partial: string;
  readonly fetch: Fetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly onBytes?: (received: number) => void;
}

/** Breaks in a row, without a byte between them, before the download gives up. */
const MAX_BREAKS = 4;

/** Bytes that must have come between two breaks for the first one not to count. */
const PROGRESS = 64 * 1024;

/** By target: equal files of a repository are one blob, and two writers of one part would spoil it. */
const underWay = new Map<string, Promise<void>>();

/**
 * A second call for a target that is under way joins the first.
 * @throws HttpError for a lasting refusal, the network's own error when breaks do not end,
 *   SwiftError FILE_NOT_WRITABLE
 */
export function download(job: Download): Promise<void> {
  const running = underWay.get(job.target);
  if (running) return running;
  const started = fetchWhole(job).finally(() => underWay.delete(job.target));
  underWay.set(job.target, started);
  return started;
}

/** A file that is not what the hub's list says: too long, or of another hash. */
export class OtherContent extends Error {}

async function fetchWhole(job: Download): Promise<void> {
  const { target, file } = job;
  try {
    makeFolder(dirname(job.partial));
    makeFolder(dirname(target));
    const lock = await turn(job);
    if (lock === 'arrived') return;
    // Another process holds the part and brings nothing: this one begins its own.
    const partial = lock ? job.partial : `${job.partial}.${process.pid}`;
    try {
      // A part left by an earlier run may be damaged; if so, one attempt from the start follows.
      for (let attempt = 1; ; attempt++) {
        await fetchAll({ ...job, partial });
        if (await isSound(partial, file)) break;
        await rm(partial, { force: true });
        if (attempt === 2) throw new OtherContent(`${file.path} arrived damaged and was thrown away`);
      }
      await rename(partial, target);
    } finally {
      lock?.release();
    }
  } catch (error) {
    throw notWritable(target, error);
  }
}

/** Milliseconds between two looks at what another process fetches. */
const LOOK = 200;

/**
 * Waits while another process fetches the same file. @returns the lock on its part, 'arrived' when the other has fetched
 * it, or undefined when the other has brought nothing within the time-out
 */
async function turn({ partial, target, file, timeout }: Download): Promise<FileLock | 'arrived' | undefined> {
  for (let size = -1, since = Date.now(); Date.now() - since < timeout;) {
    const lock = tryLock(`${partial}.lock`);
    if (lock) return lock;
    await sleep(LOOK);
    if ((await sizeOf(target)) === file.bytes) return 'arrived';
    const now = await sizeOf(partial);
    if (now !== size) [size, since] = [now, Date.now()];
  }
  return undefined;
}

/** Goes on after every break, as long as bytes arrive in between. */
async function fetchAll(job: Download): Promise<void> {
  const { partial, patience } = job;
  for (let breaks = 0, before = -1; ;) {
    try {
      await fetchRest(job);
      return;
    } catch (error) {
      const lasting =
        error instanceof OtherContent || (error instanceof HttpError && !PASSING.has(error.status));
      if (lasting || notWritable(partial, error) !== error) throw error;
      const now = await sizeOf(partial);
      breaks = now - before >= PROGRESS ? 1 : breaks + 1;
      before = now;
      if (breaks >= MAX_BREAKS) throw error;
      const asked = error instanceof HttpError ? error.pause : undefined;
      await sleep(asked ?? patience * 2 ** (breaks - 1));
    }
  }
}

/** Asks for the bytes that are lacking and appends them. */
async function fetchRest({ url, file, partial, fetch, headers, onBytes, timeout }: Download): Promise<void> {
  let have = await sizeOf(partial);
  if (have > file.bytes) {
    await rm(partial);
    have = 0;
  }
  onBytes?.(have);
  if (have === file.bytes && have > 0) return;
  const range = have > 0 ? { range: `bytes=${have}-` } : undefined;
  // A compressed answer would make lengths and ranges mean something else.
  const stall = new AbortController();
  const waiting = setTimeout(() => stall.abort(new Error(`no answer for ${timeout / 1000} s`)), timeout);
  const response = await fetch(url, {
    headers: { ...headers, 'accept-encoding': 'identity', ...range },
    signal: stall.signal,
  }).finally(() => clearTimeout(waiting));
  if (!response.ok) {
    await response.body?.cancel();
    throw new HttpError(response.status, url, pauseOf(response));
  }
  // A server that ignores the range sends everything again.
  const continued = response.status === 206;
  if (!continued) have = 0;
  const handle = await open(partial, continued ? 'a' : 'w');
  try {
    for await (const piece of livePieces((response.body ?? []) as AsyncIterable<Uint8Array>, timeout)) {
      have += piece.byteLength;
      if (have > file.bytes) throw new OtherContent(`${file.path} goes on beyond its ${file.bytes} bytes`);
      await handle.appendFile(piece);
      onBytes?.(have);
    }
    await handle.sync();
  } finally {
    stall.abort();
    await handle.close();
  }
  if (have < file.bytes) throw new Error(`the connection ended after ${have} of ${file.bytes} bytes`);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function isSound(path: string, file: RemoteFile): Promise<boolean> {
  return (await sizeOf(path)) === file.bytes && matchesHash(path, file);
}

/** Whether a file has the content that the hub announces; true when the hub announces no hash. */
export async function matchesHash(path: string, { sha256, gitOid, bytes }: RemoteFile): Promise<boolean> {
  if (sha256 === undefined && gitOid === undefined) return true;
  const hash = createHash(sha256 === undefined ? 'sha1' : 'sha256');
  if (sha256 === undefined) hash.update(`blob ${bytes}\0`);
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex') === (sha256 ?? gitOid);
}

/** Runs at most `limit` tasks at a time; the first failure is thrown after those under way have ended. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    while (next < items.length && !failure) {
      try {
        await task(items[next++]);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure) throw failure.error;
}
