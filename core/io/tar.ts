/** Files of a tar archive, as they come: POSIX ustar with pax headers, and GNU's long names. */
import { badFile } from './files.js';

const BLOCK = 512;

export interface TarFile {
  readonly name: string;
  readonly bytes: number;
  /** Its contents; read to their end, or passed over when the next file is asked for. */
  readonly data: AsyncIterable<Uint8Array>;
}

/** @param path of the archive, for errors @throws SwiftError BAD_FILE */
export async function* readTar(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<TarFile> {
  const input = new Pieces(pieces, path);
  let longName: string | undefined;
  for (
    let block = await input.block();
    block && block.some((byte) => byte !== 0);
    block = await input.block()
  ) {
    const header = headerOf(block, path);
    const padding = (BLOCK - (header.bytes % BLOCK)) % BLOCK;
    if (header.type === 'L' || header.type === 'x') {
      const text = new TextDecoder().decode(await input.whole(header.bytes));
      longName = (header.type === 'L' ? text.replace(/\0[^]*$/, '') : paxPath(text)) ?? longName;
    } else {
      const rest = input.next(header.bytes);
      if (header.type === '0' || header.type === '\0')
        yield { name: longName ?? header.name, bytes: header.bytes, data: rest };
      for await (const _ of rest); // what was not read
      longName = undefined;
    }
    await input.whole(padding);
  }
}

interface Header {
  readonly name: string;
  readonly bytes: number;
  readonly type: string;
}

function headerOf(block: Uint8Array, path: string): Header {
  const text = (from: number, length: number): string =>
    new TextDecoder().decode(block.subarray(from, from + length)).replace(/\0[^]*$/, '');
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (parseInt(text(148, 8), 8) !== sum) throw damaged(path, 'the sum of a header does not agree');
  // Sizes beyond 8 GiB are binary, marked by the highest bit.
  const isBinary = (block[124] & 0x80) !== 0;
  const bytes = isBinary
    ? block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, 0)
    : parseInt(text(124, 12).trim() || '0', 8);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw damaged(path, 'a size is no number');
  const prefix = text(257, 5) === 'ustar' && block[262] === 0 ? text(345, 155) : '';
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  return { name, bytes, type: String.fromCharCode(block[156]) };
}

/** The path of a pax header: lines of `length key=value`. */
function paxPath(text: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text)?.[1];
}

/** A stream that is read by numbers of bytes. */
class Pieces {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private rest = new Uint8Array();

  constructor(
    pieces: AsyncIterable<Uint8Array>,
    private readonly path: string,
  ) {
    this.iterator = pieces[Symbol.asyncIterator]();
  }

  /** The next block; undefined at the end. */
  async block(): Promise<Uint8Array | undefined> {
    if (this.rest.length === 0 && !(await this.fill())) return undefined;
    return this.whole(BLOCK);
  }

  async whole(bytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.next(bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *next(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0;) {
      if (this.rest.length === 0 && !(await this.fill())) throw damaged(this.path, 'it ends too early');
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  private async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const { value, done } = await this.iterator.next();
      if (done === true) return false;
      this.rest = value as Uint8Array<ArrayBuffer>;
    }
    return true;
  }
}

const damaged = (path: string, what: string): Error =>
  badFile(path, `is a damaged tar archive: ${what}`, ['Fetch it again.']);
