/**
 * Files and folders that are either whole or absent. Data goes to a temporary sibling, is flushed to the disk,
 * and takes its name by one rename. A kill at any instant leaves nothing half-written under the final name.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SwiftError } from '../errors.js';
import { errnoOf } from './files.js';
import { makeFolder } from './make-folder.js';

/** What can be written: all at once, or piece by piece so that a large file never sits in memory. */
export type FileData = string | Uint8Array | AsyncIterable<Uint8Array>;

const CURES: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on that disk, or choose an output folder on another one.',
  EDQUOT: 'Your disk quota is used up. Delete files, or choose an output folder elsewhere.',
  EACCES: 'Choose a folder you may write to, or change its permissions.',
  EPERM: 'Choose a folder you may write to, or change its permissions.',
  EROFS: 'That file system is read-only. Choose an output folder elsewhere.',
  ENOENT: 'The file system makes no folder there. Choose an output folder elsewhere.',
  ENOTDIR: 'A part of the path is a file where a folder is needed. Choose another path.',
  EISDIR: 'There is a folder of that name. Choose another file name.',
  EEXIST: 'A file is in the way. Choose another path, or remove it.',
  EIO: 'The disk reports a fault. Check it, or choose an output folder on another one.',
  ENAMETOOLONG: 'The file system allows no name of that length. Choose a shorter one.',
};

/**
 * Writes a file whole or not at all, making parent folders as needed and replacing a former file.
 * @throws SwiftError FILE_NOT_WRITABLE (exit code 1)
 */
export async function writeFileAtomic(path: string, data: FileData): Promise<void> {
  const folder = dirname(resolve(path));
  const temporary = join(folder, temporaryName(path));
  const written = { bytes: 0 };
  try {
    makeFolder(folder);
    await writeAndFlush(temporary, data, written);
    await rename(temporary, path);
    await flushFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw notWritable(path, error, written.bytes);
  }
}

/**
 * Calls `fill` with an empty temporary folder beside `path`, then flushes all it holds and renames it to `path`.
 * A former folder at `path` is replaced. When `fill` throws, nothing is left and its error passes through.
 * @throws SwiftError FILE_NOT_WRITABLE (exit code 1)
 */
export async function writeFolderAtomic(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(resolve(path));
  const temporary = join(parent, temporaryName(path));
  try {
    makeFolder(parent);
    await mkdir(temporary);
    await fill(temporary);
    await flushTree(temporary);
    await replaceFolder(temporary, path);
    await flushFolder(parent);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw notWritable(path, error);
  }
}

/** What `temporaryName` gives: a kill leaves such a file or folder behind. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Removes what killed writers left in a folder; for the folder's only writer. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const name of names.filter((one) => TEMPORARY.test(one)))
    await rm(join(folder, name), { recursive: true, force: true });
}

/** Removes a folder so that a kill leaves it whole, or hidden under a name that `removeLeftovers` knows. */
export async function removeFolderAtomic(path: string): Promise<void> {
  const hidden = join(dirname(resolve(path)), temporaryName(path));
  await rename(path, hidden);
  await rm(hidden, { recursive: true });
}

function temporaryName(path: string): string {
  return `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`;
}

async function writeAndFlush(path: string, data: FileData, written: { bytes: number }): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    for await (const piece of pieces(data)) {
      for (let done = 0; done < piece.byteLength;) {
        const { bytesWritten } = await handle.write(piece, done);
        done += bytesWritten;
        written.bytes += bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* pieces(data: FileData): AsyncIterable<Uint8Array> {
  if (typeof data === 'string') yield Buffer.from(data);
  else if (data instanceof Uint8Array) yield data;
  else yield* data;
}

/**
 * A non-empty folder cannot be renamed over, so the former one steps aside first and is removed last. A kill between
 * the two renames leaves both whole under hidden names; checkpoints get names of their own and never come here.
 */
async function replaceFolder(temporary: string, path: string): Promise<void> {
  const former = `${temporary}.former`;
  const replaced = await rename(path, former).then(
    () => true,
    (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(temporary, path);
  } catch (error) {
    if (replaced) await rename(former, path);
    throw error;
  }
  if (replaced) await rm(former, { recursive: true, force: true });
}

async function flushTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await flushTree(path);
    else if (entry.isFile()) await flush(path, FLUSHABLE);
  }
  await flushFolder(folder);
}

/** Windows cannot open a folder, and some network file systems cannot flush one; the rename stands regardless. */
async function flushFolder(folder: string): Promise<void> {
  await flush(folder, 'r').catch(() => undefined);
}

/** Windows flushes only a file open for writing; elsewhere that would refuse a copied read-only file. */
const FLUSHABLE = process.platform === 'win32' ? 'r+' : 'r';

async function flush(path: string, mode: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, mode);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** FILE_NOT_WRITABLE with a cure for a failure of the disk or its permissions; any other error as it is. */
export function notWritable(path: string, error: unknown, bytes?: number): unknown {
  const code = errnoOf(error);
  const cure = error instanceof SwiftError || code === undefined ? undefined : CURES[code];
  if (cure === undefined) return error;
  const place = bytes ? `${path} (stopped after ${bytes} bytes)` : path;
  const reason = error instanceof Error ? error.message : String(error);
  return new SwiftError('FILE_NOT_WRITABLE', `${place} cannot be written: ${reason}.`, {
    cure,
    exitCode: 1,
    cause: error,
  });
}
