/** A GGUF model under Hugging Face's names, shapes and row order, ready to be loaded like any checkpoint. */
import { SwiftError } from '../../errors.js';
import type { GgufArchitecture, GgufEntryOf } from './architecture.js';
import { ggufFacts, type GgufFacts } from './facts.js';
import type { GgufFile } from './file.js';
import type { GgufMetadata } from './header.js';
import { openGgufParts } from './parts.js';
import { ggufTensors, type Made } from './tensors.js';
import { missing, type TensorInfo, type TensorSource } from '../tensor-source.js';

export interface Gguf extends TensorSource {
  readonly path: string;
  /** Everything the file says about itself, the tokenizer included, by dotted key. */
  readonly metadata: GgufMetadata;
  /** What the model's `config.json` would say. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys about the model that nothing here makes use of. */
  readonly unread: readonly string[];
}

/** Who knows which architectures. */
export interface GgufTable {
  readonly names: readonly string[];
  find(name: string): Promise<GgufEntryOf | undefined>;
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE, UNSUPPORTED_MODEL */
export async function openGguf(path: string, table: GgufTable): Promise<Gguf> {
  const file = await openGgufParts(path);
  try {
    const name = file.metadata['general.architecture'];
    const chosen = typeof name === 'string' ? await table.find(name) : undefined;
    if (chosen === undefined) throw unknownArchitecture(file, table);
    const facts = await ggufFacts(file, String(name));
    const entry = typeof chosen === 'function' ? chosen(facts) : chosen;
    const tensors = ggufTensors(file, entry, facts);
    const config = configOf(entry, facts);
    const find = (wanted: string): Made => tensors.get(wanted) ?? missing(path, wanted, tensors.keys());
    return {
      path,
      metadata: file.metadata,
      config,
      unread: facts.unread(),
      names: () => [...tensors.keys()],
      has: (wanted) => tensors.has(wanted),
      info: (wanted) => infoOf(find(wanted), file, facts),
      readFloat32: async (wanted) => readMade(find(wanted), file, facts),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function unknownArchitecture({ metadata, path }: GgufFile, { names }: GgufTable): SwiftError {
  const name = String(metadata['general.architecture']);
  return new SwiftError('UNSUPPORTED_MODEL', `${path} holds a model of architecture '${name}'.`, {
    cure: `GGUF files are read for ${names.join(', ')}. Use the model's safetensors instead.`,
  });
}

function configOf(entry: GgufArchitecture, facts: GgufFacts): Record<string, unknown> {
  const { architecture, model_type } = entry;
  const config = { architectures: [architecture], model_type, ...entry.config(facts) };
  // An absent field is one that is not there, as in JSON.
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function infoOf({ sources, undo, expert }: Made, file: GgufFile, facts: GgufFacts): TensorInfo {
  const infos = sources.map((source) => file.info(source));
  const dtype = [...new Set(infos.map((info) => info.dtype))].join(' + ');
  const shapes = infos.map(({ shape }) => (expert === undefined ? shape : shape.slice(1)));
  return { dtype, shape: undo?.shape?.(shapes, facts) ?? shapes[0] };
}

async function readMade(
  { sources, undo, expert }: Made,
  file: GgufFile,
  facts: GgufFacts,
): Promise<Float32Array> {
  const data: Float32Array[] = [];
  for (const source of sources)
    data.push(expert === undefined ? await file.readFloat32(source) : await file.readRow(source, expert));
  const shapes = sources.map((source) => file.info(source).shape);
  return undo?.values?.(data, shapes, facts) ?? data[0];
}
