/** The Hugging Face `config.json` that a GGUF file's metadata amounts to. */
import { SwiftError } from '../errors.js';
import type { GgufMetadata } from './gguf-header.js';
import { GGUF_ARCHITECTURES, type GgufArchitecture } from './gguf-names.js';

export interface GgufModelConfig {
  readonly architectures: readonly string[];
  readonly model_type: string;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly intermediate_size: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly tie_word_embeddings: boolean;
  readonly hidden_act: 'silu';
  readonly bos_token_id?: number;
  readonly eos_token_id?: number;
  readonly rope_scaling: RopeScaling | null;
}

export type RopeScaling =
  | { readonly rope_type: 'linear'; readonly factor: number }
  | {
      readonly rope_type: 'yarn';
      readonly factor: number;
      readonly original_max_position_embeddings: number;
    }
  | {
      readonly rope_type: 'llama3';
      readonly factor: number;
      readonly low_freq_factor: number;
      readonly high_freq_factor: number;
      readonly original_max_position_embeddings: number;
    };

/** What the tensors tell and the metadata does not. */
export interface GgufTensorFacts {
  /** Whether the file has an `output.weight`. */
  readonly hasOutput: boolean;
  /** Rows of the embedding; the vocabulary of the metadata may be shorter or absent. */
  readonly embeddingRows?: number;
  /** `rope_freqs.weight`: what each rotary frequency is divided by. */
  readonly ropeFactors?: Float32Array;
}

/** The architecture the file names. @throws SwiftError UNSUPPORTED_MODEL */
export function ggufArchitecture(metadata: GgufMetadata, path: string): GgufArchitecture {
  const name = metadata['general.architecture'];
  if (typeof name === 'string' && Object.hasOwn(GGUF_ARCHITECTURES, name)) return GGUF_ARCHITECTURES[name];
  throw new SwiftError('UNSUPPORTED_MODEL', `${path} holds a model of architecture '${String(name)}'.`, {
    cure: `GGUF files are read for ${Object.keys(GGUF_ARCHITECTURES).join(', ')}. Use the model's safetensors instead.`,
  });
}

/** @throws SwiftError BAD_FILE for a missing or ill-typed key, UNSUPPORTED_MODEL */
export function ggufModelConfig(
  metadata: GgufMetadata,
  facts: GgufTensorFacts,
  path: string,
): GgufModelConfig {
  const { model_type, architecture } = ggufArchitecture(metadata, path);
  const prefix = String(metadata['general.architecture']);
  const optional = (key: string) => {
    const value = metadata[key];
    return typeof value === 'number' ? value : undefined;
  };
  const required = (key: string) => {
    const value = optional(`${prefix}.${key}`);
    if (value !== undefined) return value;
    throw new SwiftError('BAD_FILE', `${path} has no number '${prefix}.${key}' in its metadata.`, {
      cure: 'Convert the model again with a current llama.cpp.',
    });
  };
  const hidden = required('embedding_length');
  const heads = required('attention.head_count');
  const headDim = optional(`${prefix}.attention.key_length`) ?? hidden / heads;
  const theta = optional(`${prefix}.rope.freq_base`) ?? 10000;
  return {
    architectures: [architecture],
    model_type,
    hidden_size: hidden,
    num_hidden_layers: required('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: optional(`${prefix}.attention.head_count_kv`) ?? heads,
    head_dim: headDim,
    intermediate_size: required('feed_forward_length'),
    rms_norm_eps: decimal(required('attention.layer_norm_rms_epsilon')),
    rope_theta: theta,
    vocab_size: facts.embeddingRows ?? vocabularySize(metadata, prefix),
    max_position_embeddings: required('context_length'),
    tie_word_embeddings: !facts.hasOutput,
    hidden_act: 'silu',
    bos_token_id: optional('tokenizer.ggml.bos_token_id'),
    eos_token_id: optional('tokenizer.ggml.eos_token_id'),
    rope_scaling: facts.ropeFactors
      ? llama3Scaling(facts.ropeFactors, theta, path)
      : statedScaling(metadata, prefix),
  };
}

/** The shortest decimal a float32 stands for: 1e-5 rather than 0.000009999999747378752. */
function decimal(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}

function vocabularySize(metadata: GgufMetadata, prefix: string): number {
  const stated = metadata[`${prefix}.vocab_size`];
  const tokens = metadata['tokenizer.ggml.tokens'];
  if (typeof stated === 'number') return stated;
  return Array.isArray(tokens) ? tokens.length : 0;
}

function statedScaling(metadata: GgufMetadata, prefix: string): RopeScaling | null {
  const type = metadata[`${prefix}.rope.scaling.type`];
  const factor = metadata[`${prefix}.rope.scaling.factor`];
  const original = metadata[`${prefix}.rope.scaling.original_context_length`];
  if (typeof factor !== 'number' || factor === 1) return null;
  if (type === 'linear') return { rope_type: 'linear', factor };
  if (type === 'yarn' && typeof original === 'number') {
    return { rope_type: 'yarn', factor, original_max_position_embeddings: original };
  }
  return null;
}

/**
 * Llama 3.1 and later: the file keeps the divisors that its scaling leads to and not the parameters. All published
 * models share three of the four, and the largest divisor is the fourth; that the guess gives these very divisors
 * is checked.
 */
function llama3Scaling(factors: Float32Array, theta: number, path: string): RopeScaling {
  const scaling = {
    rope_type: 'llama3',
    factor: factors.reduce((a, b) => Math.max(a, b), 1),
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  } as const;
  const { factor, low_freq_factor: low, high_freq_factor: high } = scaling;
  for (let i = 0; i < factors.length; i++) {
    const wavelength = 2 * Math.PI * theta ** (i / factors.length);
    const turns = scaling.original_max_position_embeddings / wavelength;
    const smooth = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    const expected = 1 / ((1 - smooth) / factor + smooth);
    if (Math.abs(expected - factors[i]) > 1e-3 * expected) {
      const message = `${path} scales its rotary frequencies in a way that is not Llama 3's.`;
      throw new SwiftError('UNSUPPORTED_MODEL', message, { cure: "Use the model's safetensors instead." });
    }
  }
  return scaling;
}
