/** Tables of a checkpoint with rows for tokens that it lacks. */
import { SwiftError } from '../errors.js';
import { f32ToBf16, f32ToF16 } from '../io/dtypes.js';
import type { TensorSource } from '../io/tensor-source.js';
import { Embedding, ExtendedEmbedding, Linear, type CausalLM, type Parameter } from '../nn/index.js';

/**
 * Embedding and head (weight and bias) have as many rows as the model, the new ones each the mean of those in the file: about
 * what the model expects of a token that it knows nothing of (Hewitt, 2021). Transformers draws them around it, with 3e-5 of the
 * spread (`mean_resizing`); the mean itself is the same on every run.
 * @param rows in the file
 */
export function withGrownRows(source: TensorSource, model: CausalLM, rows: number): TensorSource {
  const tables = tablesOf(model);
  const grown = new Map(
    [...model.namedParameters()].filter(
      ([name, parameter]) => tables.has(parameter) && source.has(name) && source.info(name).shape[0] === rows,
    ),
  );
  const widen = (name: string, values: Float32Array): Float32Array =>
    withMeans(values, grown.get(name)!, rows);
  return {
    names: () => source.names(),
    has: (name) => source.has(name),
    info: (name) => {
      const info = source.info(name);
      return grown.has(name) ? { ...info, shape: grown.get(name)!.shape } : info;
    },
    readFloat32: async (name, room) =>
      grown.has(name) ? widen(name, await source.readFloat32(name)) : source.readFloat32(name, room),
    read:
      source.read &&
      (async (name) => {
        if (!grown.has(name)) return source.read!(name);
        const values = widen(name, await source.readFloat32(name));
        const { dtype } = source.info(name);
        const { buffer } = dtype === 'BF16' ? f32ToBf16(values) : dtype === 'F16' ? f32ToF16(values) : values;
        return new Uint8Array(buffer);
      }),
    // What has grown lies in no file.
    place: source.place && ((name) => (grown.has(name) ? undefined : source.place!(name))),
    close: () => source.close(),
  };
}

/** What has a row for each token. */
function tablesOf(model: CausalLM): ReadonlySet<Parameter> {
  const { vocab_size } = model.shape;
  const embeddings = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof Embedding && module.count === vocab_size ? [module.weight] : [],
  );
  const { lm_head } = model;
  const head = lm_head instanceof Linear ? [lm_head.weight, lm_head.bias] : [];
  return new Set([...embeddings, ...head].filter((parameter) => parameter !== undefined));
}

function withMeans(values: Float32Array, { size, shape }: Parameter, rows: number): Float32Array {
  const width = size / shape[0];
  const grown = new Float32Array(size);
  grown.set(values);
  const mean = new Float64Array(width);
  for (let at = 0; at < rows * width; at++) mean[at % width] += values[at];
  for (let i = 0; i < width; i++) mean[i] /= rows;
  for (let at = rows * width; at < size; at += width) grown.set(mean, at);
  return grown;
}

/** @throws SwiftError UNSUPPORTED_MODEL where a table lies in codes, or in two parts, to which no row is added */
export function checkGrows(model: CausalLM, isCoded: (name: string) => boolean, place: string): void {
  if ([...model.namedModules()].some(([, module]) => module instanceof ExtendedEmbedding)) {
    throw new SwiftError(
      'UNSUPPORTED_MODEL',
      `${place}: its embedding lies in two parts, which take no new rows`,
      {
        cure: 'Leave the new tokens out.',
      },
    );
  }
  const tables = tablesOf(model);
  const coded = [...model.namedParameters()].find(([name, one]) => tables.has(one) && isCoded(name));
  if (coded === undefined) return;
  throw new SwiftError(
    'UNSUPPORTED_MODEL',
    `${place}: '${coded[0]}' is stored in codes, which take no new rows`,
    {
      cure: 'Take the checkpoint whose embedding and head are whole, or leave the new tokens out.',
    },
  );
}
