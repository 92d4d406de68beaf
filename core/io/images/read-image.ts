/** The bytes of pictures, wherever rows say they are. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaSource } from '../../contracts/media.js';
import { SwiftError } from '../../errors.js';
import { fetchImage } from './fetch-image.js';

/** Bytes of a file: more is no photograph. */
export const MOST_BYTES = 256 * 2 ** 20;

/** Characters of an image's name in messages. */
const SHOWN = 80;

/** What an image is called in messages. */
export function nameOf(source: MediaSource): string {
  if (typeof source !== 'string') return source.path ?? 'image bytes';
  const isShort = source.length <= SHOWN && !source.startsWith('data:');
  return isShort ? source : `${source.slice(0, source.startsWith('data:') ? 32 : SHOWN)}…`;
}

/**
 * Reads a picture's file, whole.
 * @param folder where paths that are not below the current folder begin: that of the dataset's file
 * @throws SwiftError FILE_NOT_FOUND, BAD_ROW, BAD_FILE, HUB_UNREACHABLE
 */
export async function readImage(source: MediaSource, folder?: string): Promise<Uint8Array> {
  if (typeof source !== 'string') {
    if (source.bytes) return withinSize(source.bytes, source);
    if (!source.path) throw noImage();
    return readImage(source.path, folder);
  }
  if (source.startsWith('data:')) return fromDataUrl(source);
  if (/^https?:\/\//.test(source)) return fetchImage(source, MOST_BYTES);
  const path = locate(source, folder);
  if (path !== undefined) {
    if (statSync(path).size > MOST_BYTES) throw tooLarge(source);
    return readFile(path);
  }
  if (isBase64(source)) return withinSize(Buffer.from(source, 'base64'), source);
  throw new SwiftError('FILE_NOT_FOUND', `there is no image '${nameOf(source)}'`, {
    cure: [
      `Paths begin in the current folder${folder === undefined ? '' : `, or in ${folder}`}; or give a whole path, an http(s) address or a data URL.`,
    ],
  });
}

/** The file of a path, from the current folder or else from that of the dataset; undefined where neither has it. */
function locate(source: string, folder: string | undefined): string | undefined {
  const path = source.startsWith('file:') ? fileURLToPath(source) : source;
  if (path.length > 4096 || path.includes('\0')) return undefined;
  const places = [resolve(path), ...(folder === undefined || isAbsolute(path) ? [] : [join(folder, path)])];
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

function fromDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',');
  if (comma < 0 || !url.slice(0, comma).endsWith(';base64')) {
    throw new SwiftError('BAD_ROW', `the data URL '${nameOf(url)}' is not in base64`, {
      cure: 'Write data:image/png;base64,….',
    });
  }
  return withinSize(Buffer.from(url.slice(comma + 1), 'base64'), url);
}

/** Longer than any name that somebody mistyped. */
const SHORTEST_BASE64 = 64;

function isBase64(text: string): boolean {
  return text.length >= SHORTEST_BASE64 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function withinSize(bytes: Uint8Array, source: MediaSource): Uint8Array {
  if (bytes.byteLength > MOST_BYTES) throw tooLarge(source);
  return bytes;
}

const tooLarge = (source: MediaSource): SwiftError =>
  new SwiftError('BAD_FILE', `the image '${nameOf(source)}' has more than ${MOST_BYTES / 2 ** 20} MiB`, {
    cure: 'Save it smaller.',
  });

const noImage = (): SwiftError =>
  new SwiftError('BAD_ROW', 'an image has neither bytes nor a path', {
    cure: 'Give a path, an http(s) address, a data URL, or {"bytes": …, "path": …}.',
  });
