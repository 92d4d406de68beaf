import { open, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scratch } from '../contracts/scratch.js';
import type { HostData } from '../graph/index.js';
import type { ScratchPlace } from '../nn/parameter.js';
import { notWritable } from './atomic-write.js';
import { asBytes } from './dtypes.js';
import { makeFolder } from './make-folder.js';

/** One `write` or `read` call moves at most this many bytes; libuv refuses more than 2^31 - 1. */
const MOST_BYTES = 1 << 30;

/**
 * A file without a name: it is unlinked as soon as it is open, so that its room comes back however the process ends.
 * (Windows keeps it until it is closed.)
 */
export class ScratchFile implements Scratch {
  bytes = 0;
  /** Free places by size. */
  private readonly freed = new Map<number, ScratchPlace[]>();

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    /** Folders made for it. */
    private readonly made: readonly string[],
  ) {}

  /** @throws SwiftError FILE_NOT_WRITABLE */
  static async open(folder: string): Promise<ScratchFile> {
    const path = join(folder, `.scratch-${process.pid}-${Date.now().toString(36)}`);
    try {
      const made = makeFolder(folder);
      const handle = await open(path, 'wx+', 0o600);
      if (process.platform !== 'win32') await rm(path);
      return new ScratchFile(handle, path, made);
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  async store(data: HostData): Promise<ScratchPlace> {
    const source = asBytes(data);
    const place = this.freed.get(source.byteLength)?.pop() ?? this.append(source.byteLength);
    try {
      for (let done = 0; done < source.byteLength;) {
        const length = Math.min(MOST_BYTES, source.byteLength - done);
        done += (await this.handle.write(source, done, length, place.position + done)).bytesWritten;
      }
    } catch (error) {
      throw notWritable(this.path, error);
    }
    return place;
  }

  async load({ position, bytes }: ScratchPlace, into: HostData): Promise<void> {
    const target = asBytes(into);
    for (let done = 0; done < bytes;) {
      const length = Math.min(MOST_BYTES, bytes - done);
      const { bytesRead } = await this.handle.read(target, done, length, position + done);
      if (bytesRead === 0) throw new Error(`scratch file ends before byte ${position + bytes}`);
      done += bytesRead;
    }
  }

  free(place: ScratchPlace): void {
    this.freed.set(place.bytes, [...(this.freed.get(place.bytes) ?? []), place]);
  }

  async close(): Promise<void> {
    await this.handle.close();
    await rm(this.path, { force: true });
    // A run that was refused leaves no folders behind; one that is in use is not empty.
    for (const folder of this.made) await rmdir(folder).catch(() => undefined);
  }

  private append(bytes: number): ScratchPlace {
    const place = { position: this.bytes, bytes };
    this.bytes += bytes;
    return place;
  }
}
