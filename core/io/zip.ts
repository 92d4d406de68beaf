/** Where the entries of a zip archive lie, zip64 included. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { badFile, type RandomAccessFile } from './files.js';

/** An entry's data, in bytes from the start of the file. */
export interface ZipEntry {
  readonly offset: number;
  readonly bytes: number;
  /** Bytes once it is inflated; absent for data that lies there as it is. */
  readonly inflated?: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const DIRECTORY = 0x02014b50;
const DIRECTORY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
/** Stands for a number that does not fit and is in the zip64 part. */
const ELSEWHERE = 0xffffffff;
const EXTRA_64 = 1;
const STORED = 0;
const DEFLATED = 8;

/** @throws SwiftError BAD_FILE */
export async function readZip(file: RandomAccessFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, bytes } = await findDirectory(file);
  const directory = await part(file, offset, bytes, 'its directory');
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < bytes;) {
    const listed = parseListed(file, directory, at);
    if (entries.has(listed.name)) throw badFile(file.path, `holds two entries named '${listed.name}'`);
    entries.set(listed.name, await locate(file, listed));
    at = listed.next;
  }
  return entries;
}

async function findDirectory(file: RandomAccessFile): Promise<Pick<ZipEntry, 'offset' | 'bytes'>> {
  const length = Math.min(file.size, END_BYTES + MAX_COMMENT + LOCATOR_64_BYTES);
  const tail = await part(file, file.size - length, length, 'its end');
  const end = findEnd(tail);
  if (end === undefined) {
    throw badFile(file.path, 'is no complete zip archive: its end is missing', [
      'The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.',
    ]);
  }
  const locator = end - LOCATOR_64_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) {
    return { bytes: tail.getUint32(end + 12, true), offset: tail.getUint32(end + 16, true) };
  }
  const at = u64(file, tail, locator + 8);
  const end64 = await part(file, at, END_64_BYTES, 'its zip64 end');
  if (end64.getUint32(0, true) !== END_64) throw damaged(file, 'the zip64 end is not where it should be');
  return { bytes: u64(file, end64, 40), offset: u64(file, end64, 48) };
}

/** The end record is the last thing in the file but for a comment whose length it tells. */
function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    const isEnd = tail.getUint32(at, true) === END;
    if (isEnd && at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength) return at;
  }
  return undefined;
}

interface Listed extends Pick<ZipEntry, 'bytes' | 'inflated'> {
  readonly name: string;
  /** Where the entry's own header is in the file. */
  readonly header: number;
  /** Where the next line of the directory begins. */
  readonly next: number;
}

function parseListed(file: RandomAccessFile, directory: DataView, at: number): Listed {
  const isWhole = at + DIRECTORY_BYTES <= directory.byteLength;
  if (!isWhole || directory.getUint32(at, true) !== DIRECTORY) throw damaged(file, 'its directory');
  const lengths = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
  const [nameBytes, extraBytes, commentBytes] = lengths;
  const extra = at + DIRECTORY_BYTES + nameBytes;
  const next = extra + extraBytes + commentBytes;
  if (next > directory.byteLength) throw damaged(file, 'its directory');
  const name = new TextDecoder().decode(viewOf(directory, at + DIRECTORY_BYTES, nameBytes));
  const [isEncrypted, method] = [directory.getUint16(at + 8, true) & 1, directory.getUint16(at + 10, true)];
  if (isEncrypted || (method !== STORED && method !== DEFLATED)) {
    const how = isEncrypted ? 'encrypted' : `compressed by method ${method}`;
    throw badFile(file.path, `holds '${name}' ${how}, which is not read`);
  }
  const wide = wideFields(file, directory, { from: extra, to: extra + extraBytes });
  const size = (field: number): number => {
    const value = directory.getUint32(at + field, true);
    if (value !== ELSEWHERE) return value;
    return wide.shift() ?? fail(damaged(file, `the size or place of '${name}'`));
  };
  const whole = size(24);
  const bytes = size(20);
  return { name, bytes, ...(method === DEFLATED && { inflated: whole }), header: size(42), next };
}

/** The numbers of the zip64 field: those that did not fit, in the order of size, compressed size, place. */
function wideFields(
  file: RandomAccessFile,
  directory: DataView,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  for (let at = from; at + 4 <= to;) {
    const [id, length] = [directory.getUint16(at, true), directory.getUint16(at + 2, true)];
    const start = at + 4;
    at = start + length;
    if (id !== EXTRA_64 || at > to) continue;
    const count = Math.min(3, Math.floor(length / 8));
    return Array.from({ length: count }, (_, i) => u64(file, directory, start + 8 * i));
  }
  return [];
}

/** An entry's header may be padded differently from its line in the directory, so it is read too. */
async function locate(file: RandomAccessFile, { name, bytes, inflated, header }: Listed): Promise<ZipEntry> {
  const local = await part(file, header, LOCAL_BYTES, `'${name}'`);
  if (local.getUint32(0, true) !== LOCAL) throw damaged(file, `'${name}' is not where its directory says`);
  const offset = header + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (offset + bytes > file.size) {
    throw badFile(file.path, `ends at byte ${file.size}, but '${name}' reaches to byte ${offset + bytes}`, [
      'The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.',
    ]);
  }
  return { offset, bytes, inflated };
}

async function part(file: RandomAccessFile, offset: number, bytes: number, what: string): Promise<DataView> {
  if (offset + bytes > file.size) throw damaged(file, `${what} lies beyond its end`);
  return new DataView((await file.read(offset, bytes)).buffer);
}

function viewOf({ buffer, byteOffset }: DataView, at: number, bytes: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + at, bytes);
}

function u64(file: RandomAccessFile, view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : fail(damaged(file, `a size of ${value} bytes`));
}

function damaged(file: RandomAccessFile, what: string): Error {
  return badFile(file.path, `is a damaged zip archive: ${what}`, ['Fetch it again.']);
}

function fail(error: Error): never {
  throw error;
}
