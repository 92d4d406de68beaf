/** A GGUF file as it is: tensors under the file's own names. `gguf.ts` gives them Hugging Face's. */
import { SwiftError } from '../../errors.js';
import { elementsOf, sizeOf, toFloat32 } from '../dtypes.js';
import { badFile, openFile, type RandomAccessFile } from '../files.js';
import { readGgufHeader, type GgufEntry, type GgufMetadata } from './header.js';
import { ggufType, READABLE_GGUF_TYPES, type GgufType } from './types.js';
import { missing, type TensorSource } from '../tensor-source.js';

export interface GgufFile extends TensorSource {
  readonly path: string;
  readonly metadata: GgufMetadata;
  /** What belongs to one index of a tensor's first dimension: an expert of a stack. @throws SwiftError */
  readRow(name: string, index: number): Promise<Float32Array>;
}

/** Bytes read and decoded at a time, about. */
const PIECE_BYTES = 1 << 22;

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export async function openGgufFile(path: string): Promise<GgufFile> {
  const file = await openFile(path);
  try {
    const { metadata, tensors } = await readGgufHeader(file);
    for (const entry of tensors) checkExtent(file, entry);
    const byName = new Map(tensors.map((entry) => [entry.name, entry]));
    const find = (name: string) => byName.get(name) ?? missing(path, name, byName.keys());
    return {
      path,
      metadata,
      names: () => [...byName.keys()],
      has: (name) => byName.has(name),
      info: (name) => ({ dtype: ggufType(find(name).type).name, shape: find(name).shape }),
      readFloat32: async (name) => readTensor(file, find(name)),
      readRow: async (name, index) => readTensor(file, rowOf(find(name), index)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Values and bytes of the smallest readable unit; nothing for a type that cannot be read. */
function unitOf(type: GgufType): { values: number; bytes: number } | undefined {
  if ('format' in type) return type.format;
  return 'plain' in type ? { values: 1, bytes: sizeOf(type.plain) } : undefined;
}

function checkExtent(file: RandomAccessFile, { name, type, shape, offset }: GgufEntry): void {
  const unit = unitOf(ggufType(type));
  const elements = elementsOf(shape);
  const rowLength = shape.at(-1) ?? 1;
  if (unit && rowLength % unit.values !== 0) {
    const reason = `its rows of ${rowLength} do not divide into blocks of ${unit.values}`;
    throw badFile(file.path, `is damaged at tensor '${name}': ${reason}`);
  }
  const end = offset + (unit ? (elements / unit.values) * unit.bytes : 0);
  if (!Number.isSafeInteger(end) || end > file.size) {
    throw badFile(file.path, `ends at byte ${file.size}, but tensor '${name}' reaches to byte ${end}`, [
      'The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.',
    ]);
  }
}

/** As an entry of its own; rows of a stack are whole blocks, since a block never leaves the innermost dimension. */
function rowOf(entry: GgufEntry, index: number): GgufEntry {
  const shape = entry.shape.slice(1);
  const unit = unitOf(ggufType(entry.type)) ?? { values: 1, bytes: 0 };
  return { ...entry, shape, offset: entry.offset + index * (elementsOf(shape) / unit.values) * unit.bytes };
}

async function readTensor(file: RandomAccessFile, entry: GgufEntry): Promise<Float32Array> {
  const type = ggufType(entry.type);
  const unit = unitOf(type);
  if (!unit) {
    const message = `${file.path}: tensor '${entry.name}' is stored as ${type.name}, which cannot be read.`;
    throw new SwiftError('UNSUPPORTED_DTYPE', message, {
      cure: `Readable types: ${READABLE_GGUF_TYPES.join(', ')}. Use a file quantized to one of these, such as Q4_K_M.`,
    });
  }
  const result = new Float32Array(elementsOf(entry.shape));
  const step = Math.max(1, Math.floor(PIECE_BYTES / unit.bytes));
  const units = result.length / unit.values;
  for (let done = 0; done < units; done += step) {
    const count = Math.min(step, units - done);
    const piece = await file.read(entry.offset + done * unit.bytes, count * unit.bytes);
    const target = result.subarray(done * unit.values, (done + count) * unit.values);
    if ('format' in type) type.format.decode(piece, target);
    else if ('plain' in type) toFloat32(piece, type.plain, target);
  }
  return result;
}
