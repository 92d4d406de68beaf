/** A model folder as Hugging Face writes it, with all that its base says besides weights. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '../contracts/model-loader.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { isCodes, sameShape } from '../graph/index.js';
import { writeCheckpoint } from '../io/checkpoint.js';
import { makeFolder } from '../io/make-folder.js';
import { f32ToBf16, f32ToF16, type Bytes, type FileDtype } from '../io/dtypes.js';
import { withFields } from '../io/json-text.js';
import { requireFinite } from '../io/non-finite.js';
import type { TensorToWrite } from '../io/safetensors/write.js';
import type { CausalLM, Parameter } from '../nn/index.js';
import { saveTokenizer } from '../tokenizer/index.js';
import { writeCarriedFiles, type CarriedFiles } from './carried-files.js';
import { scoreFields } from './task-heads.js';
import { weightValues } from './weight-values.js';

/** What a model was made of that its tree does not hold. */
export interface ModelOrigin {
  /** config.json as it is written; absent for a model that came without one (GGUF). */
  readonly configText?: string;
  /** Its other files. */
  readonly files: CarriedFiles;
  /** In which type a tensor is to be written. */
  readonly dtypes: ReadonlyMap<string, FileDtype>;
  /** What its files call a tensor, by its name in the model, where that differs. */
  readonly names: ReadonlyMap<string, string>;
}

export interface ModelFolder {
  readonly model: CausalLM;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly origin: ModelOrigin;
}

/** Weights in the types of the base, one tensor at a time; config.json with what has changed; all else as it was. */
export async function writeModelFolder(folder: string, parts: ModelFolder): Promise<void> {
  const { model, tokenizer, origin } = parts;
  const ofKind = new Map([...origin.dtypes].map(([name, dtype]) => [kindOf(name), dtype]));
  // A head that was untied from the embedding is written as that.
  const ofShape = ({ shape }: Parameter): FileDtype | undefined => {
    const like = [...model.namedParameters()].find(
      ([name, other]) => origin.dtypes.has(name) && sameShape(other.shape, shape),
    );
    return like && origin.dtypes.get(like[0]);
  };
  const tensors = [...model.namedParameters()].map(([name, parameter]) => {
    const dtype = origin.dtypes.get(name) ?? ofKind.get(kindOf(name)) ?? ofShape(parameter) ?? 'F32';
    return tensorToWrite(origin.names.get(name) ?? name, parameter, dtype);
  });
  const apart = model.vector?.folders ?? [];
  const ownerOf = (name: string): string | undefined => apart.find((path) => name.startsWith(`${path}.`));
  await writeCheckpoint(
    folder,
    tensors.filter(({ name }) => ownerOf(name) === undefined),
  );
  for (const path of apart) {
    const own = tensors.filter(({ name }) => ownerOf(name) === path);
    makeFolder(join(folder, path));
    await writeCheckpoint(
      join(folder, path),
      own.map((tensor) => ({ ...tensor, name: tensor.name.slice(path.length + 1) })),
    );
  }
  await writeFile(join(folder, 'config.json'), configText(parts, tensors));
  if (origin.configText !== undefined) {
    await writeCarriedFiles(folder, origin.files);
    return;
  }
  const { bos_token_id, eos_token_id, pad_token_id } = tokenizer;
  const generation = { bos_token_id, eos_token_id, pad_token_id };
  await writeFile(join(folder, 'generation_config.json'), `${JSON.stringify(generation, null, 2)}\n`);
  await saveTokenizer(tokenizer, folder);
}

/** The name without the number of its block: of a block that was added there is no type of its own. */
function kindOf(name: string): string {
  return name.replaceAll(/\.\d+\./g, '.*.');
}

function tensorToWrite(name: string, parameter: Parameter, dtype: FileDtype): TensorToWrite {
  return { name, dtype, shape: parameter.shape, data: () => contentOf(name, parameter, dtype) };
}

/**
 * Bits of 16-bit floats as they are held, where that is the type asked for; float32 values otherwise.
 * @throws SwiftError NON_FINITE_WEIGHT for a value that is not finite, or is not in the type asked for
 */
function contentOf(name: string, parameter: Parameter, dtype: FileDtype): Bytes {
  const { format, parts } = parameter.weight;
  const values = weightValues(parameter);
  requireFinite(
    values,
    `'${name}' cannot be saved`,
    'Merge or train with finite weights: check base model and adapter.',
  );
  if (!isCodes(format) && format.toUpperCase() === dtype) return parts[0].data;
  if (dtype !== 'F16' && dtype !== 'BF16') return values;
  // float16 ends at 65,504: what rounds beyond becomes infinite.
  const [halves, infinite] = dtype === 'F16' ? [f32ToF16(values), 0x7c00] : [f32ToBf16(values), 0x7f80];
  for (let i = 0; i < halves.length; i++) {
    if ((halves[i] & infinite) !== infinite) continue;
    const message = `'${name}' cannot be saved in ${DTYPE_NAMES[dtype]}: value ${i} is ${values[i]}`;
    throw new SwiftError('NON_FINITE_WEIGHT', message, { cure: 'Give --dtype fp32.', exitCode: 1 });
  }
  return halves;
}

/** Types as config.json spells them. */
const DTYPE_NAMES: Readonly<Partial<Record<FileDtype, string>>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F64: 'float64',
};

function configText({ model, config, origin }: ModelFolder, tensors: readonly TensorToWrite[]): string {
  // Weights are written whole, whatever they were read from.
  const fields: Record<string, unknown> = { quantization_config: undefined };
  const tied = model.tied.length > 0;
  if (model.score) Object.assign(fields, scoreFields(config, model.score.out_features, model.problem_type));
  else if (model.writes && config.tie_word_embeddings !== tied) fields.tie_word_embeddings = tied;
  const [dtype, ...others] = new Set(tensors.map((tensor) => DTYPE_NAMES[tensor.dtype]));
  const field = 'dtype' in config ? 'dtype' : 'torch_dtype';
  // Of several types, the base's own word holds.
  if (dtype !== undefined && others.length === 0 && config[field] !== dtype) fields[field] = dtype;
  return withFields(origin.configText ?? `${JSON.stringify(config, null, 2)}\n`, fields);
}
