/** Writing one safetensors file. https://github.com/huggingface/safetensors#format */
import { SwiftError } from '../../errors.js';
import { writeFileAtomic } from '../atomic-write.js';
import { asBytes, elementsOf, fromFloat32, sizeOf, type Bytes, type FileDtype } from '../dtypes.js';

/**
 * A tensor to be written. A `Float32Array` is converted to `dtype` (F32, F16, BF16, F64; ties to even); any other view
 * holds the raw elements already. A function is called when the tensor's turn comes, so that a checkpoint larger than
 * memory can be written.
 */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: FileDtype;
  readonly shape: readonly number[];
  readonly data: Bytes | (() => Bytes | Promise<Bytes>);
}

/** Python's readers refuse a file that does not say which framework it is for. */
const METADATA = { format: 'pt' };

/** Elements converted at a time. */
const PIECE = 1 << 21;

/**
 * Writes the file whole or not at all. Tensors are laid out by falling element size, then by name, which keeps
 * each one aligned.
 * @throws SwiftError FILE_NOT_WRITABLE, SHAPE_MISMATCH, UNSUPPORTED_DTYPE
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = METADATA,
): Promise<void> {
  const ordered = [...tensors].sort(
    (a, b) => sizeOf(b.dtype) - sizeOf(a.dtype) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  await writeFileAtomic(path, contents(path, ordered, metadata));
}

/** Bytes of a tensor's data in the file. */
export function bytesOf({ dtype, shape }: Pick<TensorToWrite, 'dtype' | 'shape'>): number {
  return elementsOf(shape) * sizeOf(dtype);
}

async function* contents(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  yield header(path, tensors, metadata);
  for (const tensor of tensors) {
    const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
    yield* encode(path, tensor, data);
  }
}

function header(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = new Map<string, unknown>([['__metadata__', metadata]]);
  let offset = 0;
  for (const tensor of tensors) {
    if (entries.has(tensor.name)) {
      throw new SwiftError('BAD_CHECKPOINT', `${path} would get two tensors named '${tensor.name}'.`);
    }
    const end = offset + bytesOf(tensor);
    entries.set(tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, end] });
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const padded = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8), 0);
  text.copy(padded, 8);
  return padded;
}

function* encode(path: string, tensor: TensorToWrite, data: Bytes): Generator<Uint8Array> {
  const { name, dtype, shape } = tensor;
  const converted = data instanceof Float32Array;
  const given = converted ? data.length * sizeOf(dtype) : data.byteLength;
  if (given !== bytesOf(tensor)) {
    const expected = `${dtype} [${shape.join(', ')}] takes ${bytesOf(tensor)}`;
    throw new SwiftError('SHAPE_MISMATCH', `${path}: tensor '${name}' has ${given} bytes, but ${expected}.`);
  }
  if (!converted) yield asBytes(data);
  else {
    for (let i = 0; i < data.length; i += PIECE) yield fromFloat32(data.subarray(i, i + PIECE), dtype);
  }
}
