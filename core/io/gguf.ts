/** A GGUF model under Hugging Face's names, shapes and row order, ready to be loaded like any checkpoint. */
import { SwiftError } from '../errors.js';
import { ggufArchitecture, ggufModelConfig, type GgufModelConfig } from './gguf-config.js';
import type { GgufFile } from './gguf-file.js';
import type { GgufMetadata } from './gguf-header.js';
import { openGgufParts } from './gguf-parts.js';
import { huggingFaceName, ROPE_FACTORS, rotaryRole, unpermuteRows } from './gguf-names.js';
import { missing, type TensorSource } from './tensor-source.js';

export interface Gguf extends TensorSource {
  readonly path: string;
  /** Everything the file says about itself, the tokenizer included, by dotted key. */
  readonly metadata: GgufMetadata;
  /** What the model's `config.json` would say. */
  readonly config: GgufModelConfig;
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE, UNSUPPORTED_MODEL */
export async function openGguf(path: string): Promise<Gguf> {
  const file = await openGgufParts(path);
  try {
    const { permuted } = ggufArchitecture(file.metadata, path);
    const names = mapNames(file);
    const config = await configOf(file);
    const find = (name: string) => names.get(name) ?? missing(path, name, names.keys());
    return {
      path,
      metadata: file.metadata,
      config,
      names: () => [...names.keys()],
      has: (name) => names.has(name),
      info: (name) => file.info(find(name)),
      async readFloat32(name) {
        const own = find(name);
        const data = await file.readFloat32(own);
        const role = permuted ? rotaryRole(own) : undefined;
        if (!role) return data;
        const heads = role === 'q' ? config.num_attention_heads : config.num_key_value_heads;
        return unpermuteRows(data, file.info(own).shape[0], heads);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function mapNames(file: GgufFile): Map<string, string> {
  const names = new Map<string, string>();
  const foreign: string[] = [];
  for (const own of file.names()) {
    if (own === ROPE_FACTORS) continue;
    const name = huggingFaceName(own);
    if (name === undefined) foreign.push(own);
    else names.set(name, own);
  }
  if (foreign.length === 0) return names;
  const message = `${file.path} has tensors that its architecture should not have: ${foreign.slice(0, 4).join(', ')}.`;
  throw new SwiftError('UNSUPPORTED_MODEL', message, { cure: "Use the model's safetensors instead." });
}

async function configOf(file: GgufFile): Promise<GgufModelConfig> {
  const embedding = 'token_embd.weight';
  return ggufModelConfig(
    file.metadata,
    {
      hasOutput: file.has('output.weight'),
      embeddingRows: file.has(embedding) ? file.info(embedding).shape[0] : undefined,
      ropeFactors: file.has(ROPE_FACTORS) ? await file.readFloat32(ROPE_FACTORS) : undefined,
    },
    file.path,
  );
}
