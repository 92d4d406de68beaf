/** Writes `.bin` files as `torch.save` does, small ones in memory. */
import { writeFileSync } from 'node:fs';

export interface TorchTensorToWrite {
  readonly name: string;
  /** PyTorch's storage class: `FloatStorage`. */
  readonly storage: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const PREFIX = 'archive';

/** @param zip64 whether sizes and places are written in the zip64 way, as archives above 4 GB have them */
export function writeTorchFile(path: string, tensors: readonly TorchTensorToWrite[], zip64 = false): void {
  const entries = new Map<string, Uint8Array>([
    ['data.pkl', pickleOf(tensors)],
    ['byteorder', Buffer.from('little')],
    ...tensors.map(({ data }, i) => [`data/${i}`, data] as const),
    ['version', Buffer.from('3\n')],
  ]);
  writeFileSync(path, zipOf(entries, zip64));
}

/** A pickle of `{name: tensor}` in protocol 2. */
export function pickleOf(tensors: readonly TorchTensorToWrite[]): Buffer {
  const items = tensors.flatMap(({ name, storage, shape, data }, i) => {
    const elements = shape.reduce((product, size) => product * size, 1);
    const strides = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((product, size) => product * size, 1),
    );
    if (elements > 0 && data.byteLength % elements !== 0) throw new Error(`${name} has another size`);
    return [
      ...[text(name), global('torch._utils', '_rebuild_tensor_v2'), '('],
      ...[
        '(',
        text('storage'),
        global('torch', storage),
        text(String(i)),
        text('cpu'),
        integer(elements),
        'tQ',
      ],
      ...[integer(0), tuple(shape), tuple(strides), '\x89', global('collections', 'OrderedDict'), ')R', 'tR'],
    ];
  });
  return Buffer.from(['\x80\x02}(', ...items, 'u.'].join(''), 'latin1');
}

const text = (value: string): string => {
  const bytes = Buffer.from(value, 'utf8');
  return `X${u32(bytes.length)}${bytes.toString('latin1')}`;
};
const global = (module: string, name: string): string => `c${module}\n${name}\n`;
const integer = (value: number): string => `J${u32(value)}`;
const tuple = (values: readonly number[]): string => `(${values.map(integer).join('')}t`;

function u32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
}

export function zipOf(entries: ReadonlyMap<string, Uint8Array>, zip64 = false): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [entry, data] of entries) {
    const name = Buffer.from(`${PREFIX}/${entry}`);
    const local = record('PK\x03\x04', 30, [[26, name.length]]);
    const place = { size: data.byteLength, offset: at, name };
    directory.push(zip64 ? listed64(place) : listed(place));
    parts.push(local, name, Buffer.from(data));
    at += local.length + name.length + data.byteLength;
  }
  const listing = Buffer.concat(directory);
  return Buffer.concat([...parts, listing, ...endOf(at, listing.length, entries.size, zip64)]);
}

interface Place {
  readonly size: number;
  readonly offset: number;
  readonly name: Buffer;
}

function listed({ size, offset, name }: Place): Buffer {
  const line = record('PK\x01\x02', 46, [[28, name.length]]);
  line.writeUInt32LE(size, 20);
  line.writeUInt32LE(size, 24);
  line.writeUInt32LE(offset, 42);
  return Buffer.concat([line, name]);
}

function listed64({ size, offset, name }: Place): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  [size, size, offset].forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  const line = record('PK\x01\x02', 46, [
    [28, name.length],
    [30, extra.length],
  ]);
  for (const field of [20, 24, 42]) line.writeUInt32LE(0xffffffff, field);
  return Buffer.concat([line, name, extra]);
}

function endOf(offset: number, bytes: number, count: number, zip64: boolean): Buffer[] {
  const end = record('PK\x05\x06', 22, [[10, count]]);
  end.writeUInt32LE(zip64 ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  if (!zip64) return [end];
  const end64 = record('PK\x06\x06', 56, []);
  end64.writeBigUInt64LE(BigInt(bytes), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  const locator = record('PK\x06\x07', 20, []);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  return [end64, locator, end];
}

function record(signature: string, length: number, fields: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(signature, 'latin1');
  for (const [at, value] of fields) bytes.writeUInt16LE(value, at);
  return bytes;
}
