/** Reading files by position, with the errors a user understands. */
import { open, type FileHandle } from 'node:fs/promises';
import { SwiftError } from '../errors.js';

/** One `read` call moves at most this many bytes; libuv refuses more than 2^31 - 1. */
const MAX_READ = 1 << 30;

/** A file opened for positional reads. Positions and sizes are bytes. */
export interface RandomAccessFile {
  readonly path: string;
  readonly size: number;
  /** Exactly `length` bytes from `position`, in a buffer of their own; BAD_FILE when the file ends before. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Fills `target` from `position`. */
  readInto(target: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws SwiftError FILE_NOT_FOUND when nothing readable is at `path`, BAD_FILE when it is a folder */
export async function openFile(path: string): Promise<RandomAccessFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw badFile(path, 'is not a regular file');
  }
  const readInto = (target: Uint8Array, position: number) => fill(handle, path, target, position);
  return {
    path,
    size: stats.size,
    readInto,
    async read(position, length) {
      if (position + length > stats.size) throw endsEarly(path, position + length, stats.size);
      const target = new Uint8Array(length);
      await readInto(target, position);
      return target;
    },
    close: () => handle.close(),
  };
}

async function fill(handle: FileHandle, path: string, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.byteLength) {
    const length = Math.min(target.byteLength - done, MAX_READ);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) throw endsEarly(path, position + target.byteLength, position + done);
    done += bytesRead;
  }
}

function endsEarly(path: string, needed: number, size: number): SwiftError {
  return badFile(path, `ends at byte ${size}, but data is expected up to byte ${needed}`, [
    'The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.',
  ]);
}

/** A BAD_FILE error reading `<path> <fault>.` */
export function badFile(path: string, fault: string, cure: readonly string[] = []): SwiftError {
  return new SwiftError('BAD_FILE', `${path} ${fault}.`, { cure });
}

/** What a failed `open` or `readdir` of `path` means to the user. */
export function unreadable(path: string, error: unknown): SwiftError {
  const code = errnoOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SwiftError('FILE_NOT_FOUND', `There is no file or folder ${path}.`, {
      cure: 'Check the spelling; a relative path starts at the current folder.',
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new SwiftError('FILE_NOT_FOUND', `${path} cannot be read: ${reason}.`, {
    cure: 'Check the permissions of the file and of the folders above it.',
    exitCode: 1,
    cause: error,
  });
}

/** The system's name of a failure, such as `ENOSPC`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
