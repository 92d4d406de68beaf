/**
 * Weights as `torch.save` writes them since PyTorch 1.6: a zip archive of a pickle that describes the tensors, and one
 * entry per storage. https://pytorch.org/docs/stable/notes/serialization.html
 */
import { elementsOf, sizeOf, toFloat32 } from '../dtypes.js';
import { badFile, openFile, type RandomAccessFile } from '../files.js';
import { PickleError } from './pickle.js';
import { readWidened, type Extent } from '../read-widened.js';
import { rowMajor, isRowMajor } from './strides.js';
import { missing, type WeightFile } from '../tensor-source.js';
import { readStateDict, type TorchTensor } from './tensor.js';
import { readZip, type ZipEntry } from '../zip.js';

/** Where a tensor's elements are; `stride` only where they do not lie in row-major order. */
interface TorchEntry extends Extent {
  readonly stride?: readonly number[];
}

const AS_SAFETENSORS = [
  "Use the model's safetensors, or make them where you trust the file:",
  `python -c "import torch, safetensors.torch as s; d = torch.load('pytorch_model.bin', weights_only=True); s.save_file({k: v.clone() for k, v in d.items()}, 'model.safetensors')"`,
];

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export async function openTorchFile(path: string): Promise<WeightFile> {
  const file = await openFile(path);
  try {
    const entries = await readEntries(file);
    const find = (name: string) => entries.get(name) ?? missing(path, name, entries.keys());
    return {
      path,
      names: () => [...entries.keys()],
      has: (name) => entries.has(name),
      info: find,
      read: async (name) => readBytes(file, find(name)),
      readFloat32: async (name) => {
        const entry = find(name);
        return entry.stride ? toFloat32(await readBytes(file, entry), entry.dtype) : readWidened(file, entry);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readEntries(file: RandomAccessFile): Promise<ReadonlyMap<string, TorchEntry>> {
  await checkFormat(file);
  const archive = await readZip(file);
  const packed = [...archive].find(([, { inflated }]) => inflated !== undefined);
  if (packed) throw badFile(file.path, `holds '${packed[0]}' compressed, which PyTorch never writes`);
  const pickle = [...archive.keys()].find((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickle === undefined)
    throw badFile(file.path, 'is a zip archive without the data.pkl of a PyTorch file');
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = archive.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(await bytesOf(file, order)) !== 'little') {
    throw badFile(file.path, 'was written on a big-endian machine, which is not read', AS_SAFETENSORS);
  }
  const tensors = stateDict(file.path, await bytesOf(file, archive.get(pickle)!));
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const storage = archive.get(`${folder}data/${tensor.storage}`);
      if (!storage) throw badFile(file.path, `lacks storage '${tensor.storage}' of tensor '${name}'`);
      return [name, place(file.path, name, tensor, storage)];
    }),
  );
}

/** A zip archive, or else what it is instead. */
async function checkFormat(file: RandomAccessFile): Promise<void> {
  const head = await file.read(0, Math.min(4, file.size));
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x4b)) return;
  if (starts(0x80)) {
    throw badFile(file.path, "is in PyTorch's format from before 1.6, which is not read", AS_SAFETENSORS);
  }
  throw badFile(file.path, 'is no PyTorch file: it is no zip archive', [
    'Fetch it again; a Git LFS pointer in its place means that the download left large files out.',
  ]);
}

function stateDict(path: string, pickled: Uint8Array): ReadonlyMap<string, TorchTensor> {
  try {
    return readStateDict(pickled);
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw badFile(path, `cannot be read as weights: ${error.message}`, AS_SAFETENSORS);
  }
}

function place(
  path: string,
  name: string,
  { dtype, shape, stride, offset }: TorchTensor,
  storage: ZipEntry,
): TorchEntry {
  const size = sizeOf(dtype);
  const bytes = elementsOf(shape) * size;
  const last = shape.reduce((at, dim, i) => at + (dim - 1) * stride[i], offset);
  if (bytes > 0 && (last + 1) * size > storage.bytes) {
    throw badFile(path, `has ${storage.bytes} bytes where tensor '${name}' needs ${(last + 1) * size}`);
  }
  const extent = { dtype, shape, offset: storage.offset + offset * size, bytes };
  return isRowMajor(shape, stride) ? extent : { ...extent, stride };
}

async function readBytes(file: RandomAccessFile, entry: TorchEntry): Promise<Uint8Array> {
  const { dtype, shape, offset, bytes, stride } = entry;
  if (!stride) return file.read(offset, bytes);
  const span = shape.reduce((at, dim, i) => at + (dim - 1) * stride[i], 1);
  return rowMajor(await file.read(offset, span * sizeOf(dtype)), { shape, stride, size: sizeOf(dtype) });
}

function bytesOf(file: RandomAccessFile, { offset, bytes }: ZipEntry): Promise<Uint8Array> {
  return file.read(offset, bytes);
}
