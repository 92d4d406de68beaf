/** Encoded rows on disk, by a key that says all they were made of. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../contracts/log.js';
import type { PackedEntry, PackedRows } from '../../data/packed-rows.js';
import { writeFileAtomic } from '../../io/atomic-write.js';
import { errnoOf } from '../../io/files.js';

/** `swift-ts/encoded` within XDG_CACHE_HOME, else within `~/.cache`. */
export function sampleCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'swift-ts', 'encoded');
}

/** Bytes that are kept. */
export const MOST_CACHED = 8 * 2 ** 30;
const ENDING = '.rows';
const DIGEST = 32;

interface Header {
  readonly entries: readonly PackedEntry[];
  /** Of tokens, and of weights of the loss. */
  readonly tokens: number;
  readonly scales: number;
  readonly areMarks: boolean;
}

/**
 * Entries are written whole or not at all, so several processes may use one folder. An entry is only believed with its
 * digest, and removed without it. What is longest unused goes first when there is too much.
 */
export class SampleCache {
  private isOff = false;

  constructor(
    readonly folder: string,
    private readonly log: Pick<Log, 'warn'>,
    private readonly most = MOST_CACHED,
  ) {}

  /** What is kept for so many rows. */
  async read(key: string, rows: number): Promise<PackedRows | undefined> {
    const path = this.pathOf(key);
    try {
      const packed = decode(await readFile(path));
      const now = new Date();
      if (packed?.entries.length === rows) {
        await utimes(path, now, now).catch(() => undefined); // of a read-only folder, or removed meanwhile
        return packed;
      }
      await this.removeDamaged(path);
    } catch (error) {
      if (errnoOf(error) === 'EISDIR') await this.removeDamaged(path);
      else if (errnoOf(error) !== 'ENOENT') this.giveUp(error);
    }
    return undefined;
  }

  private async removeDamaged(path: string): Promise<void> {
    this.log.warn(`encoded rows in ${path} are damaged: they are removed, and encoded again`);
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => this.giveUp(error));
  }

  async write(key: string, packed: PackedRows): Promise<void> {
    if (this.isOff) return;
    try {
      await writeFileAtomic(this.pathOf(key), encode(packed));
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Removes what is longest unused, until no more is left than may be kept. */
  async prune(): Promise<void> {
    const files = await cachedFiles(this.folder).catch((error: unknown) => {
      this.giveUp(error);
      return [];
    });
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.most) break;
      await rm(path, { force: true }).catch((error: unknown) => this.giveUp(error));
      bytes -= size;
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}${ENDING}`);
  }

  /** A run needs no cache. */
  private giveUp(error: unknown): void {
    if (!this.isOff)
      this.log.warn(`encoded rows are not kept: ${error instanceof Error ? error.message : error}`);
    this.isOff = true;
  }
}

/**
 * The entries of a folder, with the moment of their last use in milliseconds; none of one that is not there. Also what a
 * killed writer left. @throws Error for a folder that cannot be read
 */
export async function cachedFiles(
  folder: string,
): Promise<{ readonly path: string; readonly size: number; readonly used: number }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = names
    .filter((name) => name.includes(ENDING))
    .map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs: used } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { path, size, used };
    });
  return Promise.all(found);
}

function encode({ entries, ids, labels, scales }: PackedRows): Uint8Array {
  const areMarks = labels instanceof Uint8Array;
  const header = JSON.stringify({
    entries,
    tokens: ids.length,
    scales: scales.length,
    areMarks,
  } satisfies Header);
  const length = Buffer.alloc(4);
  const text = Buffer.from(header);
  length.writeUInt32LE(text.length);
  const arrays = [scales, ids, labels].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const body = Buffer.concat([length, text, ...arrays]);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

/** Undefined for what is not as it was written. */
function decode(bytes: Buffer): PackedRows | undefined {
  const body = bytes.subarray(DIGEST);
  const digest = createHash('sha256').update(body).digest();
  if (bytes.length < DIGEST + 4 || !digest.equals(bytes.subarray(0, DIGEST))) return undefined;
  const length = body.readUInt32LE();
  const { entries, tokens, scales, areMarks } = JSON.parse(body.toString('utf8', 4, 4 + length)) as Header;
  let at = 4 + length;
  const take = (size: number): ArrayBuffer => {
    const { buffer, byteOffset } = body;
    at += size;
    return (buffer as ArrayBuffer).slice(byteOffset + at - size, byteOffset + at);
  };
  return {
    entries,
    scales: new Float64Array(take(8 * scales)),
    ids: new Int32Array(take(4 * tokens)),
    labels: areMarks ? new Uint8Array(take(tokens)) : new Int32Array(take(4 * tokens)),
  };
}
