import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaKind, MediaSource } from '../../contracts/media.js';
import { locateMedia, readMedia } from './read-media.js';

/** Has bytes in a file for as long as `use` takes. */
export async function inTemporaryFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'swift-'));
  try {
    const path = join(folder, 'media');
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Has a medium in a file for as long as `use` takes: in its own, where it is a path. @throws as `readMedia` */
export async function inMediaFile<T>(
  kind: MediaKind,
  source: MediaSource,
  folder: string | undefined,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = locateMedia(source, folder);
  return path === undefined ? inTemporaryFile(await readMedia(kind, source, folder), use) : use(path);
}
