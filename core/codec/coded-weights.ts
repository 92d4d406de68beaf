/** Parameters that a checkpoint's codec reads, each from the tensors that make it up. */
import type { CodedTensors, TakenTypes, WeightCodec } from '../contracts/codec.js';
import { didYouMean, SwiftError } from '../errors.js';
import { sameShape, type Shape } from '../graph/index.js';
import { asBytes, isFileDtype, toFloat32, type FileDtype } from '../io/dtypes.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { StoredWeight } from '../nn/index.js';

export class CodedWeights {
  constructor(
    private readonly codec: WeightCodec,
    private readonly source: TensorSource,
    /** What the weight file is called in messages. */
    private readonly place: string,
  ) {}

  /** Whether the codec reads a parameter; others are stored plain. */
  holds(name: string): boolean {
    const [first] = Object.values(this.codec.tensorsOf(name));
    return first !== undefined && this.source.has(first);
  }

  /** The tensors in the file that make up a parameter which `holds`. */
  tensorsOf(name: string): readonly string[] {
    return Object.values(this.codec.tensorsOf(name)).filter((tensor) => this.source.has(tensor));
  }

  /** @throws SwiftError MISSING_WEIGHT, SHAPE_MISMATCH, BAD_CHECKPOINT, UNSUPPORTED_MODEL */
  async read(name: string, shape: Shape, transposed: boolean): Promise<StoredWeight> {
    if (transposed || shape.length !== 2) {
      throw new SwiftError(
        'UNSUPPORTED_MODEL',
        `${this.place}: '${name}' is quantized, and this model wants it as [${shape.join(', ')}]${transposed ? ', inputs first' : ''}`,
        { cure: 'Only matrices [outputs, inputs] are read quantized: use the whole checkpoint.' },
      );
    }
    const [rows, columns] = shape;
    return this.codec.read(await this.tensors(name), [rows, columns]);
  }

  /**
   * Of tensors that no part of the model takes, the biases that some writers give every quantized layer.
   * @throws SwiftError UNKNOWN_WEIGHT for one with values: the model would be another without it
   */
  async emptyBiases(names: readonly string[]): Promise<ReadonlySet<string>> {
    const spare = names.filter(
      (name) => name.endsWith('.bias') && this.holds(name.replace(/bias$/, 'weight')),
    );
    for (const name of spare) {
      const values = await this.source.readFloat32(name);
      if (values.every((value) => value === 0)) continue;
      throw new SwiftError(
        'UNKNOWN_WEIGHT',
        `${this.place}: '${name}' holds a bias that this model does not have`,
        {
          cure: 'Is config.json the one of these weights, and the model_type right?',
        },
      );
    }
    return new Set(spare);
  }

  private async tensors(parameter: string): Promise<CodedTensors> {
    const names = this.codec.tensorsOf(parameter);
    const read = new Map<string, FileTensor>();
    for (const [word, name] of Object.entries(names))
      if (this.source.has(name)) read.set(word, await this.fileTensor(name));
    const find = (word: string): FileTensor => {
      const tensor = read.get(word);
      if (tensor) return tensor;
      throw new SwiftError(
        'MISSING_WEIGHT',
        `${this.place}: '${parameter}' is quantized, and its '${names[word]}' is missing`,
        {
          cure: [...didYouMean(names[word], this.source.names()), 'Download the model again.'],
        },
      );
    };
    return {
      has: (word) => read.has(word),
      shapeOf: (word) => find(word).shape,
      take: (word, type, shape) => {
        const tensor = find(word);
        if (shape && !sameShape(tensor.shape, shape)) {
          throw new SwiftError(
            'SHAPE_MISMATCH',
            `${this.place}: tensor '${names[word]}' is [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`,
            { cure: 'The weights and the config do not belong together; download the model again.' },
          );
        }
        const taken = TAKE[type](tensor);
        if (taken) return taken as TakenTypes[typeof type];
        throw this.error(names[word], `is ${tensor.dtype}, expected ${type}`);
      },
      error: (fault) => this.error(parameter, fault),
    };
  }

  private error(name: string, fault: string): SwiftError {
    return new SwiftError('BAD_CHECKPOINT', `${this.place}: '${name}' ${fault}`, {
      cure: 'Download the model again; if it stays so, it is a format that is not read: use the whole checkpoint.',
    });
  }

  private async fileTensor(name: string): Promise<FileTensor> {
    const { dtype, shape } = this.source.info(name);
    if (!this.source.read || !isFileDtype(dtype)) throw this.error(name, `is ${dtype}, which has no codes`);
    return { dtype, shape, bytes: await this.source.read(name) };
  }
}

interface FileTensor {
  readonly dtype: FileDtype;
  readonly shape: Shape;
  /** In a buffer of their own. */
  readonly bytes: Uint8Array;
}

/** How a tensor is taken as each type; undefined where it is another. */
const TAKE: { readonly [T in keyof TakenTypes]: (tensor: FileTensor) => TakenTypes[T] | undefined } = {
  float32: ({ dtype, bytes }) =>
    ['F16', 'BF16', 'F32'].includes(dtype) ? toFloat32(bytes, dtype) : undefined,
  int32: ({ dtype, bytes }) =>
    dtype === 'I32' || dtype === 'U32'
      ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
      : undefined,
  int8: ({ dtype, bytes }) =>
    dtype === 'I8' ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined,
  bytes: ({ bytes }) => asBytes(bytes),
};
