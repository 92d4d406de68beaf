/** The bytes of media, wherever rows say they are. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MEDIA_FIELDS, type MediaKind, type MediaSource } from '../../contracts/media.js';
import { SwiftError } from '../../errors.js';
import { fetchMedia } from './fetch-media.js';

/** Bytes of a file that is read whole. */
const MOST_BYTES = 256 * 2 ** 20;

/** Characters of a name in messages. */
const SHOWN = 80;

/** What a medium is called in messages. */
export function nameOf(kind: MediaKind, source: MediaSource): string {
  if (typeof source !== 'string') return source.path ?? `${kind} bytes`;
  const isShort = source.length <= SHOWN && !source.startsWith('data:');
  return isShort ? source : `${source.slice(0, source.startsWith('data:') ? 32 : SHOWN)}…`;
}

/**
 * Reads a medium's file, whole.
 * @param folder where paths that are not below the current folder begin: that of the dataset's file
 * @throws SwiftError FILE_NOT_FOUND, BAD_ROW, BAD_FILE, HUB_UNREACHABLE
 */
export async function readMedia(kind: MediaKind, source: MediaSource, folder?: string): Promise<Uint8Array> {
  if (typeof source !== 'string') {
    if (source.bytes) return withinSize(source.bytes, kind, source);
    if (!source.path) throw noMedium(kind);
    return readMedia(kind, source.path, folder);
  }
  if (source.startsWith('data:')) return fromDataUrl(kind, source);
  if (/^https?:\/\//.test(source)) return fetchMedia(kind, source, MOST_BYTES);
  const path = locateMedia(source, folder);
  if (path !== undefined) {
    if (statSync(path).size > MOST_BYTES) throw tooLarge(kind, source);
    return readFile(path);
  }
  if (isBase64(source)) return withinSize(Buffer.from(source, 'base64'), kind, source);
  throw new SwiftError('FILE_NOT_FOUND', `there is no ${kind} '${nameOf(kind, source)}'`, {
    cure: [
      `Paths begin in the current folder${folder === undefined ? '' : `, or in ${folder}`}; or give a whole path, an http(s) address or a data URL.`,
    ],
  });
}

/** The file of a medium that is a path, from the current folder or else from that of the dataset; undefined where neither has it. */
export function locateMedia(source: MediaSource, folder?: string): string | undefined {
  if (typeof source !== 'string') return source.bytes ? undefined : locateMedia(source.path ?? '', folder);
  const path = source.startsWith('file:') ? fileURLToPath(source) : source;
  if (path.length > 4096 || path.includes('\0')) return undefined;
  const places = [resolve(path), ...(folder === undefined || isAbsolute(path) ? [] : [join(folder, path)])];
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

function fromDataUrl(kind: MediaKind, url: string): Uint8Array {
  const comma = url.indexOf(',');
  if (comma < 0 || !url.slice(0, comma).endsWith(';base64')) {
    throw new SwiftError('BAD_ROW', `the data URL '${nameOf(kind, url)}' is not in base64`, {
      cure: 'Write data:<type>;base64,….',
    });
  }
  return withinSize(Buffer.from(url.slice(comma + 1), 'base64'), kind, url);
}

/** Longer than any name that somebody mistyped. */
const SHORTEST_BASE64 = 64;

function isBase64(text: string): boolean {
  return text.length >= SHORTEST_BASE64 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function withinSize(bytes: Uint8Array, kind: MediaKind, source: MediaSource): Uint8Array {
  if (bytes.byteLength > MOST_BYTES) throw tooLarge(kind, source);
  return bytes;
}

const tooLarge = (kind: MediaKind, source: MediaSource): SwiftError =>
  new SwiftError(
    'BAD_FILE',
    `the ${kind} '${nameOf(kind, source)}' has more than ${MOST_BYTES / 2 ** 20} MiB`,
    {
      cure: kind === 'video' ? 'Give it as a path, or save it smaller.' : 'Save it smaller.',
    },
  );

const noMedium = (kind: MediaKind): SwiftError =>
  new SwiftError('BAD_ROW', `one of '${MEDIA_FIELDS[kind]}' has neither bytes nor a path`, {
    cure: 'Give a path, an http(s) address, a data URL, or {"bytes": …, "path": …}.',
  });
