/** Archives of media, unpacked into a folder: zip, tar, tar.gz. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { badFile, errnoOf, openFile } from './files.js';
import { makeFolder } from './make-folder.js';
import { readTar } from './tar.js';
import { readZip } from './zip.js';

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;

export const isArchive = (path: string): boolean => ARCHIVE.test(path);

/**
 * The folder that an archive's files are in: a hidden one beside it, made on first use and named only when whole.
 * @param onUnpack is told before, since it may take long
 * @throws SwiftError BAD_FILE
 */
export async function unpacked(archive: string, onUnpack?: (archive: string) => void): Promise<string> {
  const folder = join(dirname(archive), `.${basename(archive)}.unpacked`);
  if (existsSync(folder)) return folder;
  onUnpack?.(archive);
  const growing = `${folder}.${process.pid}`;
  await rm(growing, { recursive: true, force: true });
  makeFolder(growing);
  try {
    await (/\.zip$/i.test(archive) ? unzip(archive, growing) : untar(archive, growing));
    await rename(growing, folder);
  } catch (error) {
    await rm(growing, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function unzip(archive: string, folder: string): Promise<void> {
  const file = await openFile(archive);
  try {
    for (const [name, { offset, bytes, inflated }] of await readZip(file)) {
      if (name.endsWith('/')) continue;
      const target = placeFor(archive, folder, name);
      const data =
        bytes === 0
          ? Readable.from([])
          : createReadStream(archive, { start: offset, end: offset + bytes - 1 });
      const out = createWriteStream(target);
      try {
        await (inflated === undefined ? pipeline(data, out) : pipeline(data, createInflateRaw(), out));
      } catch (error) {
        throw isData(error) ? badFile(archive, `holds '${name}' damaged`, ['Fetch it again.']) : error;
      }
      if (out.bytesWritten !== (inflated ?? bytes)) throw badFile(archive, `holds '${name}' incomplete`);
    }
  } finally {
    await file.close();
  }
}

async function untar(archive: string, folder: string): Promise<void> {
  const isPlain = /\.tar$/i.test(archive);
  const stored = createReadStream(archive);
  const pieces = isPlain ? stored : stored.pipe(createGunzip());
  stored.on('error', (error) => pieces.destroy(error));
  try {
    for await (const { name, data } of readTar(pieces, archive))
      await pipeline(data, createWriteStream(placeFor(archive, folder, name)));
  } catch (error) {
    throw isData(error) ? badFile(archive, 'is a damaged gzip file', ['Fetch it again.']) : error;
  } finally {
    stored.destroy();
  }
}

const isData = (error: unknown): boolean => /^Z_/.test(errnoOf(error) ?? '');

/** Where a file of an archive goes; folders on the way are made. @throws SwiftError BAD_FILE for one that would leave the folder */
function placeFor(archive: string, folder: string, name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  const leaves = /^[/\\]|\0/.test(name) || parts.some((part) => part === '..' || /^[a-z]:/i.test(part));
  if (leaves || parts.length === 0) throw badFile(archive, `names a file outside itself: '${name}'`);
  const target = join(folder, ...parts);
  makeFolder(dirname(target));
  return target;
}
