/** Reads the primitive values of a GGUF head one after another. All numbers are little-endian. */
import { badFile } from '../files.js';

/** 64-bit integers are numbers where a number holds them exactly, else bigints. */
export type GgufValue = string | number | bigint | boolean | readonly GgufValue[];

/** The bytes at hand end before the value does; more of the file is needed. */
export class OutOfBytes extends Error {}

/** Deeper nesting than any writer makes; a limit keeps a hostile file from exhausting the stack. */
const MAX_DEPTH = 8;

export class GgufCursor {
  position = 0;
  private readonly buffer: Buffer;
  private readonly view: DataView;

  constructor(
    readonly path: string,
    bytes: Uint8Array,
  ) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The place of the next `length` bytes; moves behind them. */
  private take(length: number): number {
    const at = this.position;
    if (at + length > this.buffer.length) throw new OutOfBytes();
    this.position = at + length;
    return at;
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A u64 that counts something: at most 2^53 - 1, or the file is damaged. */
  size(what: string): number {
    const at = this.take(8);
    const value = this.view.getUint32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) throw badFile(this.path, `is damaged: its ${what} is ${value}`);
    return value;
  }

  text(bytes: number): string {
    const at = this.take(bytes);
    return this.buffer.toString('utf8', at, at + bytes);
  }

  string(): string {
    return this.text(this.size('length of a text'));
  }

  /** A metadata value of the numbered type, for `key`. */
  value(type: number, key: string, depth = 0): GgufValue {
    switch (type) {
      case 0:
        return this.view.getUint8(this.take(1));
      case 1:
        return this.view.getInt8(this.take(1));
      case 2:
        return this.view.getUint16(this.take(2), true);
      case 3:
        return this.view.getInt16(this.take(2), true);
      case 4:
        return this.u32();
      case 5:
        return this.view.getInt32(this.take(4), true);
      case 6:
        return this.view.getFloat32(this.take(4), true);
      case 7:
        return this.view.getUint8(this.take(1)) !== 0;
      case 8:
        return this.string();
      case 9:
        return this.array(key, depth);
      case 10:
        return narrow(this.view.getBigUint64(this.take(8), true));
      case 11:
        return narrow(this.view.getBigInt64(this.take(8), true));
      case 12:
        return this.view.getFloat64(this.take(8), true);
      default:
        throw badFile(this.path, `is damaged: metadata '${key}' has the unknown type ${type}`);
    }
  }

  private array(key: string, depth: number): GgufValue[] {
    if (depth >= MAX_DEPTH) throw badFile(this.path, `is damaged: metadata '${key}' is nested too deep`);
    const type = this.u32();
    const length = this.size(`length of metadata '${key}'`);
    // Every element takes a byte at least, so an absurd length fails before it makes an absurd array.
    if (length > this.buffer.length - this.position) throw new OutOfBytes();
    const values: GgufValue[] = [];
    for (let i = 0; i < length; i++) values.push(this.value(type, key, depth + 1));
    return values;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
