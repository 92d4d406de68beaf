/** What the pickle of a state dict may build: tensors that are views of storages, described but not read. */
import { elementsOf, type FileDtype } from '../dtypes.js';
import { PickleError, unpickle, type PickleFunction } from './pickle.js';

/** A view of a storage, in elements. */
export interface TorchTensor {
  readonly dtype: FileDtype;
  /** Name of the storage in the archive; several tensors may share it. */
  readonly storage: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** The tensors of a pickled state dict by name. @throws PickleError */
export function readStateDict(pickled: Uint8Array): ReadonlyMap<string, TorchTensor> {
  const value = unpickle(pickled, { globals: GLOBALS, persistent: storageOf });
  if (!(value instanceof Map)) throw new PickleError('it holds no dict of tensors');
  const tensors = new Map<string, TorchTensor>();
  for (const [name, tensor] of value as Map<unknown, unknown>) {
    if (typeof name !== 'string') throw new PickleError('its dict has a key that is no text');
    if (!(tensor instanceof View)) {
      throw new PickleError(`its entry '${name}' is no tensor, so it is no state dict but a dict around one`);
    }
    tensors.set(name, tensor);
  }
  return tensors;
}

class View implements TorchTensor {
  constructor(
    private readonly held: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}

  get dtype(): FileDtype {
    return this.held.dtype;
  }

  get storage(): string {
    return this.held.key;
  }
}

class Storage {
  constructor(
    readonly dtype: FileDtype,
    readonly key: string,
    readonly elements: number,
  ) {}
}

/** A storage class of PyTorch: named in persistent ids, never called. */
class StorageType {
  constructor(readonly dtype: FileDtype) {}
}

const STORAGE_TYPES: Readonly<Record<string, FileDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** torch._utils._rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks) */
const rebuildTensor: PickleFunction = ([storage, offset, shape, stride]) => {
  const isView = storage instanceof Storage && isSize(offset) && areSizes(shape) && areSizes(stride);
  if (!isView || shape.length !== stride.length) throw new PickleError('it describes a tensor wrongly');
  const elements = elementsOf(shape);
  const last = shape.reduce((at, size, i) => at + (size - 1) * stride[i], offset);
  // A view of more elements than there are would repeat them, as no weight does; a small file could claim any size.
  if (elements > 0 && !(last < storage.elements && elements <= storage.elements)) {
    const place = `offset ${offset}, shape [${shape}], strides [${stride}]`;
    throw new PickleError(`a tensor (${place}) reaches beyond its storage of ${storage.elements} elements`);
  }
  return new View(storage, offset, shape, stride);
};

const orderedDict: PickleFunction = (args) => {
  if (args.length > 0) throw new PickleError('it fills an OrderedDict in a way that PyTorch does not');
  return new Map();
};

/** torch._utils._rebuild_parameter(data, requires_grad, backward_hooks) */
const rebuildParameter: PickleFunction = ([data]) => data;

const GLOBALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ...Object.entries(STORAGE_TYPES).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
]);

/** A persistent id is ('storage', type, key, device, number of elements). */
function storageOf(id: unknown): Storage {
  const [kind, type, key, , elements] = Array.isArray(id) ? (id as unknown[]) : [];
  if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || !isSize(elements)) {
    throw new PickleError('it refers to something that is no storage of a tensor');
  }
  return new Storage(type.dtype, key, elements);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areSizes(values: unknown): values is readonly number[] {
  return Array.isArray(values) && values.every(isSize);
}
