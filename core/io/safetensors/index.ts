/** Reading one safetensors file. https://github.com/huggingface/safetensors#format */
import { counted } from '../../counted.js';
import { realpath } from 'node:fs/promises';
import { badFile, openFile, type RandomAccessFile } from '../files.js';
import { MAX_HEADER_BYTES, parseHeader, type SafetensorsEntry, type SafetensorsHeader } from './header.js';
import { readWidened } from '../read-widened.js';
import { missing, type WeightFile } from '../tensor-source.js';

/** An open safetensors file. Data is read on demand, by position, so size is no obstacle. */
export interface Safetensors extends WeightFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  info(name: string): SafetensorsEntry;
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE, UNSUPPORTED_DTYPE */
export async function openSafetensors(path: string): Promise<Safetensors> {
  const file = await openFile(path);
  try {
    const { metadata, tensors } = await readHeader(file);
    const realPath = await realpath(path);
    const info = (name: string) => tensors.get(name) ?? missing(path, name, tensors.keys());
    return {
      path,
      metadata,
      tensors,
      info,
      names: () => [...tensors.keys()],
      has: (name) => tensors.has(name),
      read: async (name) => file.read(info(name).offset, info(name).bytes),
      readFloat32: async (name, room) => readWidened(file, info(name), room),
      place: (name) => ({ path: realPath, position: info(name).offset, bytes: info(name).bytes }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: RandomAccessFile): Promise<SafetensorsHeader> {
  if (file.size < 8)
    throw badFile(file.path, `is not a safetensors file: it has only ${counted(file.size, 'byte')}`);
  const length = new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw badFile(file.path, `is not a safetensors file: its header would take ${length} bytes`);
  }
  const start = 8 + Number(length);
  const text = new TextDecoder().decode(await file.read(8, Number(length)));
  return parseHeader(text, file.path, { start, end: file.size });
}
