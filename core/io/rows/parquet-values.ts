/** Values of parquet columns as rows have them: exact, and of plain types. */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { ExactFloat } from '../../exact-numbers.js';

/** Digits after the point, by column. */
type Scales = ReadonlyMap<SchemaElement, number>;

/**
 * Takes the mark of decimals off the columns, so that they are read as the integers they are stored as and not as floats.
 */
export function exactDecimals({ schema }: FileMetaData): Scales {
  const scales = new Map<SchemaElement, number>();
  for (const element of schema) {
    if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') continue;
    scales.set(element, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  }
  return scales;
}

type Read = (value: unknown) => unknown;

/** Reads values of a schema's root: rows, as objects. */
export function rowReader(root: SchemaTree, scales: Scales): Read {
  return structReader(root, scales);
}

function readerOf(node: SchemaTree, scales: Scales): Read {
  const { element, children } = node;
  if (element.repetition_type === 'REPEATED') return each(single(node, scales));
  if (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') {
    const [repeated] = children;
    // The standard has a group between a list and its elements; older writers have none.
    const [item] = repeated.children.length === 1 ? repeated.children : [undefined];
    return each(item ? readerOf(item, scales) : single(repeated, scales));
  }
  return single(node, scales);
}

function single(node: SchemaTree, scales: Scales): Read {
  if (node.children.length > 0) return structReader(node, scales);
  const scale = scales.get(node.element);
  if (scale !== undefined) return (value) => decimal(value, scale);
  const isFloat = node.element.type === 'FLOAT' || node.element.type === 'DOUBLE';
  return isFloat ? (value) => (Number.isInteger(value) ? new ExactFloat(value as number) : value) : plain;
}

const each =
  (read: Read): Read =>
  (value) =>
    Array.isArray(value) || ArrayBuffer.isView(value)
      ? Array.from(value as unknown as Iterable<unknown>, read)
      : plain(value);

function structReader(node: SchemaTree, scales: Scales): Read {
  const readers = new Map(node.children.map((child) => [child.element.name, readerOf(child, scales)]));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return plain(value);
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, entry]) => [key, (readers.get(key) ?? plain)(entry)]));
  };
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** An integer of so many digits after the point, as text: `1.10`. */
function decimal(value: unknown, scale: number): unknown {
  if (value === null || value === undefined) return value;
  const whole = value instanceof Uint8Array ? signed(value) : BigInt(value as number | bigint);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return whole < 0n ? `-${text}` : text;
}

/** Bytes of a big-endian integer in two's complement. */
function signed(bytes: Uint8Array): bigint {
  const value = bytes.reduce((held, byte) => held * 256n + BigInt(byte), 0n);
  return bytes.length > 0 && bytes[0] > 127 ? value - 256n ** BigInt(bytes.length) : value;
}
