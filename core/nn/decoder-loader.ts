import { ACTIVATIONS } from './activation.js';
import { ConfigError, ConfigReader, type Config, type FieldNames } from './config.js';
import { Decoder } from './decoder.js';
import { Encoder } from './encoder.js';
import { ropeFields, ropeScaling } from './rope-scaling.js';
import type { DecoderTraits } from './traits.js';

/** Builds a decoder family from its config.json; a subclass says what its configs mean beyond Llama's. */
export class DecoderLoader {
  /** What the family calls fields that Llama has too. */
  protected readonly fields: FieldNames = {};

  /** @throws ConfigError */
  build(config: Config): Decoder {
    const reader = new ConfigReader(config, this.fields);
    const traits = this.traits(reader);
    checkRotary(traits);
    return this.make(traits, reader);
  }

  /** The model of these traits; more than a decoder where a family has more than text. */
  protected make(traits: DecoderTraits, _reader: ConfigReader): Decoder {
    return traits.bidirectional ? new Encoder({ ...traits, wordless: true }) : new Decoder(traits);
  }

  /** What a config says. A family starts from `decoderTraits` and adds what differs. */
  protected traits(reader: ConfigReader): DecoderTraits {
    return decoderTraits(reader);
  }
}

/** Dimensions turn in pairs, and LongRoPE names a divisor for each. @throws ConfigError */
function checkRotary(traits: DecoderTraits): void {
  const { head_dim, rotary_dims = head_dim, rope_scaling, alibi, embedding, layer } = traits;
  const layers = Array.from({ length: traits.num_hidden_layers }, (_, i) => layer?.(i).rope);
  if (alibi || embedding?.positions || layers.every((rope) => rope === null)) return;
  if (rotary_dims < 2 || rotary_dims % 2 !== 0 || rotary_dims > head_dim)
    throw new ConfigError(
      'the number of dimensions of a head that turn (head_dim, partial_rotary_factor or rotary_dim)',
      rotary_dims,
      `an even number up to ${head_dim}`,
    );
  if (rope_scaling?.type !== 'longrope') return;
  for (const field of ['short_factor', 'long_factor'] as const) {
    const { length } = rope_scaling[field];
    if (length !== rotary_dims / 2)
      throw new ConfigError(`rope_scaling: the length of ${field}`, length, `${rotary_dims / 2}`);
  }
}

/** What a family's configs mean by a field they leave out, where that is not what Llama's mean. */
export interface TraitDefaults {
  readonly intermediate_size?: number;
  readonly num_key_value_heads?: number;
  readonly head_dim?: number;
  readonly max_position_embeddings?: number;
  readonly norm_eps?: number;
  readonly rope_theta?: number;
  readonly partial_rotary_factor?: number;
  readonly tie_word_embeddings?: boolean;
  /** Of `hidden_act`. */
  readonly activation?: string;
}

/** The traits a llama-like config.json states, with the defaults of Hugging Face's LlamaConfig. @throws ConfigError */
export function decoderTraits(reader: ConfigReader, defaults: TraitDefaults = {}): DecoderTraits {
  const heads = reader.count('num_attention_heads');
  const hidden = reader.count('hidden_size');
  // Null asks for as many as there are heads, whatever the family's default.
  const kvHeads =
    reader.optionalNumber('num_key_value_heads', defaults.num_key_value_heads ?? heads) ?? heads;
  if (heads % kvHeads !== 0) throw reader.error('num_key_value_heads', `a divisor of ${heads}`);
  const maxPositions = reader.count('max_position_embeddings', defaults.max_position_embeddings ?? 2048);
  const headDim = reader.count('head_dim', defaults.head_dim ?? hidden / heads);
  const rope = ropeFields(reader);
  const attentionBias = reader.flag('attention_bias');
  return {
    vocab_size: reader.count('vocab_size'),
    hidden_size: hidden,
    num_hidden_layers: reader.count('num_hidden_layers'),
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    intermediate_size: reader.count('intermediate_size', defaults.intermediate_size),
    max_position_embeddings: maxPositions,
    norm_eps: reader.number('rms_norm_eps', defaults.norm_eps ?? 1e-6),
    rope_theta: rope.number('rope_theta', reader.number('rope_theta', defaults.rope_theta ?? 10000)),
    rope_scaling: ropeScaling(
      rope,
      maxPositions,
      reader.number('original_max_position_embeddings', maxPositions),
    ),
    rotary_dims: rotaryDims(reader, headDim, defaults.partial_rotary_factor),
    tie_word_embeddings: reader.flag('tie_word_embeddings', defaults.tie_word_embeddings),
    bias: { qkv: attentionBias, o: attentionBias, mlp: reader.flag('mlp_bias') },
    activation: activation(reader, defaults.activation),
  };
}

/** The first dimensions of a head that turn, where not all do. */
function rotaryDims(reader: ConfigReader, headDim: number, fallback?: number): number | undefined {
  const part = [ropeFields(reader), reader].find((fields) => fields.has('partial_rotary_factor'));
  const factor = part?.number('partial_rotary_factor') ?? fallback;
  return factor === undefined ? undefined : Math.floor(headDim * factor);
}

/** With `use_sliding_window`, layers from `max_window_layers` on see a window, or those of `layer_types` (Qwen2, Qwen3). */
export function lateWindows(reader: ConfigReader): DecoderTraits['layer'] {
  const first = reader.number('max_window_layers', 28);
  return chosenWindows(reader, (layer) => layer >= first);
}

/**
 * Windows that `use_sliding_window` turns on, in the layers that `layer_types` names, else in those of the family's
 * `pattern`.
 * @throws ConfigError where it is off and `layer_types` names some
 */
export function chosenWindows(
  reader: ConfigReader,
  pattern: (layer: number) => boolean,
  fallback: number | undefined = 4096,
): DecoderTraits['layer'] {
  const slides = slidingLayers(reader, pattern);
  const window = reader.flag('use_sliding_window')
    ? reader.optionalNumber('sliding_window', fallback)
    : undefined;
  if (window !== undefined) return (layer) => (slides(layer) ? { window } : {});
  const layers = reader.count('num_hidden_layers');
  if (reader.has('layer_types') && Array.from({ length: layers }).some((_, layer) => slides(layer)))
    throw reader.error('layer_types', "'full_attention' in each layer, since no sliding_window is in use");
  return undefined;
}

/** Which layers see a window only: by `layer_types` where the config has it, else by the family's `pattern`. */
export function slidingLayers(
  reader: ConfigReader,
  pattern: (layer: number) => boolean,
): (layer: number) => boolean {
  const words = ['full_attention', 'sliding_attention'];
  const kinds = reader.layerWords('layer_types', words, reader.count('num_hidden_layers'));
  return (layer) => (kinds ? kinds[layer] === 'sliding_attention' : pattern(layer));
}

/** A `sliding_window`, where there is one, is every layer's (Mistral, Phi-3, StarCoder2). */
export function windowEverywhere(reader: ConfigReader, fallback?: number): DecoderTraits['layer'] {
  // Null says that there is none, whatever the family's default.
  const { sliding_window = fallback } = reader.config;
  if (sliding_window === undefined || sliding_window === null) return undefined;
  const window = reader.count('sliding_window', fallback);
  return () => ({ window });
}

/** What `hidden_act` names. @throws ConfigError */
function activation(reader: ConfigReader, fallback = 'silu'): DecoderTraits['activation'] {
  return ACTIVATIONS[reader.choice('hidden_act', Object.keys(ACTIVATIONS), fallback)];
}
