/**
 * The head of a GGUF file: metadata and the table of tensors.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { badFile, type RandomAccessFile } from '../files.js';
import { OutOfBytes, GgufCursor, type GgufValue } from './cursor.js';

/** Metadata by its dotted key, e.g. `llama.block_count`. */
export type GgufMetadata = Readonly<Record<string, GgufValue>>;

export interface GgufEntry {
  readonly name: string;
  /** GGML type number. */
  readonly type: number;
  /** Outermost dimension first, the reverse of the file's own order. */
  readonly shape: readonly number[];
  /** From the start of the file, in bytes. */
  readonly offset: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: GgufMetadata;
  readonly tensors: readonly GgufEntry[];
}

/** Most heads, whose bulk is the vocabulary, fit in this; a longer one is read again with four times as much. */
const FIRST_WINDOW = 1 << 24;

/** Bytes of a header that is one; vocabularies of a million tokens take a tenth of it. */
const MOST_HEADER = 2 ** 29;
/** Bytes that a tensor's entry and a key with its value take at least. */
const [LEAST_ENTRY, LEAST_KEY] = [24, 13];

/** @throws SwiftError BAD_FILE */
export async function readGgufHeader(
  file: RandomAccessFile,
  firstWindow = FIRST_WINDOW,
): Promise<GgufHeader> {
  for (let window = Math.min(firstWindow, file.size); ; window = Math.min(window * 4, file.size)) {
    const bytes = await file.read(0, window);
    try {
      return parse(file, bytes);
    } catch (error) {
      if (!(error instanceof OutOfBytes)) throw error;
      if (window >= MOST_HEADER)
        throw badFile(file.path, `is damaged: its header is longer than ${MOST_HEADER} bytes`);
      if (window === file.size) {
        throw badFile(file.path, `ends at byte ${file.size}, within its header`, [
          'The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.',
        ]);
      }
    }
  }
}

function parse({ path, size }: Pick<RandomAccessFile, 'path' | 'size'>, bytes: Uint8Array): GgufHeader {
  const cursor = new GgufCursor(path, bytes);
  if (cursor.text(4) !== 'GGUF') throw badFile(path, 'is not a GGUF file');
  const version = cursor.u32();
  if (version !== 2 && version !== 3) {
    const bigEndian = version !== 0 && (version & 0xffff) === 0;
    throw badFile(path, bigEndian ? 'is a big-endian GGUF file' : `is GGUF version ${version}`, [
      'Little-endian versions 2 and 3 can be read. Convert the model again with a current llama.cpp.',
    ]);
  }
  const count = (what: string, least: number): number => {
    const number = cursor.size(`number of ${what}`);
    if (number * least <= size) return number;
    throw badFile(path, `is damaged: it says it has ${number} ${what}, in ${size} bytes`);
  };
  const tensorCount = count('tensors', LEAST_ENTRY);
  const keyCount = count('metadata keys', LEAST_KEY);
  const metadata: Record<string, GgufValue> = {};
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.string();
    metadata[key] = cursor.value(cursor.u32(), key);
  }
  const table: GgufEntry[] = [];
  for (let i = 0; i < tensorCount; i++) table.push(readEntry(cursor));
  const alignment = metadata['general.alignment'] ?? 32;
  if (typeof alignment !== 'number' || alignment < 1) {
    throw badFile(path, `has general.alignment ${String(alignment)}`);
  }
  const start = Math.ceil(cursor.position / alignment) * alignment;
  const seen = new Set<string>();
  const tensors = table.map((entry) => {
    if (seen.has(entry.name)) throw badFile(path, `has two tensors named '${entry.name}'`);
    seen.add(entry.name);
    return { ...entry, offset: start + entry.offset };
  });
  return { version, metadata, tensors };
}

function readEntry(cursor: GgufCursor): GgufEntry {
  const name = cursor.string();
  const dimensions = cursor.u32();
  if (dimensions > 8) throw badFile(cursor.path, `gives tensor '${name}' ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () =>
    cursor.size(`dimension of tensor '${name}'`),
  ).reverse();
  const type = cursor.u32();
  return { name, type, shape, offset: cursor.size(`offset of tensor '${name}'`) };
}
