/** Fetching one file: resumed after a break, checked against its hash, and named only when whole. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { notWritable } from '../io/atomic-write.js';
import { makeFolder } from '../io/make-folder.js';
import { HttpError } from './hub-errors.js';
import type { RemoteFile } from './remote-repository.js';

export type Fetch = typeof fetch;

export interface Download {
  readonly url: string;
  readonly file: RemoteFile;
  /** Where the file goes once it is whole. */
  readonly target: string;
  /** Where it grows; a former part found here is continued. Its name must tell the content apart. */
  readonly partial: string;
  readonly fetch: Fetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly onBytes?: (received: number) => void;
  /** Milliseconds before the first retry, doubled for each further one. */
  readonly patience?: number;
}

/** Breaks in a row, without a byte between them, before the download gives up. */
const MAX_BREAKS = 4;

/** Statuses that a later try may not meet again. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

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

async function fetchWhole(job: Download): Promise<void> {
  const { partial, target, file } = job;
  try {
    makeFolder(dirname(partial));
    makeFolder(dirname(target));
    // A part left by an earlier run may be damaged; if so, one attempt from the start follows.
    for (let attempt = 1; ; attempt++) {
      await fetchAll(job);
      if (await isSound(partial, file)) break;
      await rm(partial, { force: true });
      if (attempt === 2) throw new Error(`${file.path} arrived damaged and was thrown away`);
    }
    await rename(partial, target);
  } catch (error) {
    throw notWritable(target, error);
  }
}

/** Goes on after every break, as long as bytes arrive in between. */
async function fetchAll(job: Download): Promise<void> {
  const { partial, patience = 500 } = job;
  for (let breaks = 0, before = -1; ;) {
    try {
      await fetchRest(job);
      return;
    } catch (error) {
      const lasting = error instanceof HttpError && !PASSING.has(error.status);
      if (lasting || notWritable(partial, error) !== error) throw error;
      const now = await sizeOf(partial);
      breaks = now > before ? 1 : breaks + 1;
      before = now;
      if (breaks >= MAX_BREAKS) throw error;
      await sleep(patience * 2 ** (breaks - 1));
    }
  }
}

/** Asks for the bytes that are lacking and appends them. */
async function fetchRest({ url, file, partial, fetch, headers, onBytes }: Download): Promise<void> {
  let have = await sizeOf(partial);
  if (have > file.bytes) {
    await rm(partial);
    have = 0;
  }
  onBytes?.(have);
  if (have === file.bytes && have > 0) return;
  const range = have > 0 ? { range: `bytes=${have}-` } : undefined;
  // A compressed answer would make lengths and ranges mean something else.
  const response = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity', ...range } });
  if (!response.ok) {
    await response.body?.cancel();
    throw new HttpError(response.status, url);
  }
  // A server that ignores the range sends everything again.
  const continued = response.status === 206;
  if (!continued) have = 0;
  const handle = await open(partial, continued ? 'a' : 'w');
  try {
    for await (const piece of response.body ?? []) {
      await handle.appendFile(piece as Uint8Array);
      have += (piece as Uint8Array).byteLength;
      onBytes?.(have);
    }
    await handle.sync();
  } finally {
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
