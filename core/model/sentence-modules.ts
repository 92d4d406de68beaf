/** What Sentence Transformers makes of a model's states, as its files beside the weights say (modules.json). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SwiftError } from '../errors.js';
import { tanh } from '../graph/index.js';
import { openCheckpoint } from '../io/checkpoint.js';
import { readJson, readJsonObject } from '../io/json-file.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { DenseSettings, Pooling } from '../nn/index.js';

interface SentenceModule {
  readonly path: string;
  readonly type: string;
}

/** Fields of a pooling's config.json, each true where it is the way. */
const MODES: Readonly<Record<string, Pooling>> = {
  pooling_mode_cls_token: 'first',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_lasttoken: 'last',
};
/** The same in later versions: values of `pooling_mode`. */
const WORDS: Readonly<Record<string, Pooling>> = { cls: 'first', mean: 'mean', lasttoken: 'last' };

/** How vectors are made. */
export interface SentenceModules {
  /** Where a sequence is read, where they say it. */
  readonly pooling?: Pooling;
  readonly dense: readonly DenseSettings[];
}

const ACTIVATIONS: Readonly<Record<string, DenseSettings['activation']>> = {
  'torch.nn.modules.linear.Identity': undefined,
  'torch.nn.modules.activation.Tanh': tanh,
};

/** @throws SwiftError UNSUPPORTED_MODEL for vectors that are made in another way */
export function readSentenceModules(folder: string): SentenceModules {
  let pooling: Pooling | undefined;
  const dense: DenseSettings[] = [];
  for (const { type, path } of modulesOf(folder)) {
    const kind = type.slice(type.lastIndexOf('.') + 1);
    const file = join(folder, path, 'config.json');
    if (kind === 'Pooling') pooling = modeOf(file, folder);
    else if (kind === 'Dense') dense.push(denseOf(file, path, folder));
    else if (kind !== 'Transformer' && kind !== 'Normalize') throw unsupported(folder, `a module ${kind}`);
  }
  return { pooling, dense };
}

function denseOf(file: string, path: string, folder: string): DenseSettings {
  const config = readJsonObject(file);
  const { in_features, out_features, bias = true, activation_function: name } = config;
  if (!Object.hasOwn(ACTIVATIONS, String(name))) throw unsupported(folder, `the activation ${String(name)}`);
  return {
    path,
    in_features: Number(in_features),
    out_features: Number(out_features),
    bias: bias === true,
    activation: ACTIVATIONS[String(name)],
  };
}

/** Weights with those of the layers that make vectors, under the names that the model has for them. */
export async function withDenseWeights(
  source: TensorSource,
  { dense }: SentenceModules,
  folder: string,
): Promise<TensorSource> {
  const owners = new Map<string, { readonly file: TensorSource; readonly name: string }>();
  const files: TensorSource[] = [];
  for (const { path } of dense) {
    const file = await openCheckpoint(join(folder, path));
    files.push(file);
    for (const name of file.names()) owners.set(`${path}.${name}`, { file, name });
  }
  if (files.length === 0) return source;
  const of = (name: string) => owners.get(name) ?? { file: source, name };
  return {
    names: () => [...source.names(), ...owners.keys()],
    has: (name) => owners.has(name) || source.has(name),
    info: (name) => of(name).file.info(of(name).name),
    readFloat32: (name, room) => of(name).file.readFloat32(of(name).name, room),
    read: source.read && ((name) => of(name).file.read!(of(name).name)),
    place: (name) => of(name).file.place?.(of(name).name),
    async close() {
      for (const file of [source, ...files]) await file.close();
    },
  };
}

function modulesOf(folder: string): readonly SentenceModule[] {
  const file = join(folder, 'modules.json');
  return existsSync(file) ? (readJson(file) as readonly SentenceModule[]) : [];
}

function modeOf(file: string, folder: string): Pooling {
  const config = readJsonObject(file);
  const { pooling_mode: word } = config;
  const fields = Object.keys(config).filter(
    (name) => name.startsWith('pooling_mode_') && config[name] === true,
  );
  const found = typeof word === 'string' ? WORDS[word] : fields.length === 1 ? MODES[fields[0]] : undefined;
  if (found !== undefined) return found;
  throw unsupported(
    folder,
    `pooling by ${typeof word === 'string' ? word : fields.join(' and ') || 'nothing'}`,
  );
}

const unsupported = (folder: string, what: string): SwiftError =>
  new SwiftError('UNSUPPORTED_MODEL', `${folder}: modules.json asks for ${what}, which is not built`, {
    cure: 'Built are the first token, the last one and the mean of all, dense layers behind it, and vectors of length 1.',
  });
