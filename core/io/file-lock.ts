/** One process at a time: a lock file that says who holds it, and falls with its holder. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { SwiftError } from '../errors.js';
import { notWritable } from './atomic-write.js';
import { errnoOf } from './files.js';
import { makeFolder } from './make-folder.js';

export interface FileLock {
  release(): void;
}

/** What a lock file holds: a process, where it runs, and which of its locks this is. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Makes a lock file and holds it until `release`. One whose process has ended is taken over.
 *
 * @returns undefined while somebody holds it, in this process or another
 * @throws SwiftError FILE_NOT_WRITABLE
 */
export function tryLock(path: string): FileLock | undefined {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') });
  try {
    makeFolder(dirname(path));
    if (!create(path, text)) {
      const held = read(path);
      if (held !== undefined && isHeld(held)) return undefined;
      if (!stepAside(path, held) || !create(path, text)) return undefined;
    }
  } catch (error) {
    throw notWritable(path, error);
  }
  return {
    release() {
      if (read(path) === text) rmSync(path, { force: true });
    },
  };
}

/** Holds a folder, making it as needed. @throws SwiftError FILE_NOT_WRITABLE (exit code 1) naming who holds it already */
export function lockFolder(folder: string): FileLock {
  return heldLock(join(folder, '.lock'), folder, '--output_dir');
}

/** Holds a file that need not be there yet. @throws SwiftError FILE_NOT_WRITABLE (exit code 1) naming who holds it already */
export function lockFile(file: string): FileLock {
  return heldLock(`${file}.lock`, file, '--output_file');
}

function heldLock(path: string, held: string, option: string): FileLock {
  const lock = tryLock(path);
  if (lock) return lock;
  const pid = holderOf(read(path))?.pid;
  const holder = pid === process.pid ? 'this process' : `process ${pid ?? 'unknown'}`;
  throw new SwiftError('FILE_NOT_WRITABLE', `${held} is in use by another run (${holder})`, {
    cure: [`Wait until it ends, or choose another ${option}.`, `If no run is there, remove ${path}.`],
    exitCode: 1,
  });
}

function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function holderOf(text: string | undefined): Holder | undefined {
  try {
    const holder = JSON.parse(text ?? '') as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.host === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined; // a lock that was cut off while it was written holds nothing
  }
}

/** Whether the process of a lock still runs; of another machine one cannot tell, so it does. */
function isHeld(text: string): boolean {
  const holder = holderOf(text);
  if (holder === undefined) return false;
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** Puts a fallen lock away. Of several that try, one succeeds; one that caught a new lock instead gives it back. */
function stepAside(path: string, fallen: string | undefined): boolean {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return true;
    throw error;
  }
  const isFallen = read(aside) === fallen;
  if (!isFallen) linkSync(aside, path);
  rmSync(aside, { force: true });
  return isFallen;
}
