import type { DecoderTraits } from './decoder.js';
import type { RopeScaling } from './rotary.js';

/** A field of config.json that a builder cannot work with. The caller turns it into a message with the file's name. */
export class ConfigError extends Error {
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`${field} is ${JSON.stringify(value)}, expected ${expected}`);
  }
}

/** The fields of a config.json. */
export type Config = Readonly<Record<string, unknown>>;

/**
 * The traits a llama-like config.json states, with the defaults of Hugging Face's LlamaConfig.
 * A family adds what differs. @throws ConfigError
 */
export function decoderTraits(config: Config): DecoderTraits {
  const heads = count(config, 'num_attention_heads');
  const hidden = count(config, 'hidden_size');
  const activation = config.hidden_act ?? 'silu';
  if (activation !== 'silu') throw new ConfigError('hidden_act', activation, "'silu'");
  const attentionBias = config.attention_bias === true;
  const kvHeads = config.num_key_value_heads == null ? heads : count(config, 'num_key_value_heads');
  if (heads % kvHeads !== 0) throw new ConfigError('num_key_value_heads', kvHeads, `a divisor of ${heads}`);
  const maxPositions =
    config.max_position_embeddings == null ? 2048 : count(config, 'max_position_embeddings');
  const rope = (config.rope_parameters ?? config.rope_scaling) as Config | null | undefined;
  return {
    vocab_size: count(config, 'vocab_size'),
    hidden_size: hidden,
    num_hidden_layers: count(config, 'num_hidden_layers'),
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: config.head_dim == null ? hidden / heads : count(config, 'head_dim'),
    intermediate_size: count(config, 'intermediate_size'),
    max_position_embeddings: maxPositions,
    rms_norm_eps: number(config.rms_norm_eps ?? 1e-6, 'rms_norm_eps'),
    rope_theta: number(config.rope_theta ?? rope?.rope_theta ?? 10000, 'rope_theta'),
    rope_scaling: ropeScaling(rope, maxPositions),
    tie_word_embeddings: config.tie_word_embeddings === true,
    bias: { qkv: attentionBias, o: attentionBias, mlp: config.mlp_bias === true },
  };
}

function count(config: Config, field: string): number {
  const value = config[field];
  if (!Number.isInteger(value) || (value as number) < 1)
    throw new ConfigError(field, value, 'a positive whole number');
  return value as number;
}

function number(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ConfigError(field, value, 'a number');
  return value;
}

function ropeScaling(scaling: Config | null | undefined, maxPositions: number): RopeScaling | undefined {
  const type = (scaling?.rope_type ?? scaling?.type ?? 'default') as string;
  if (!scaling || type === 'default') return undefined;
  const value = (field: string, fallback?: number): number =>
    number(scaling[field] ?? fallback, `rope_scaling.${field}`);
  const original = (fallback: number): number => value('original_max_position_embeddings', fallback);
  switch (type) {
    case 'linear':
      return { type, factor: value('factor') };
    case 'dynamic':
      return { type, factor: value('factor'), original_max_position_embeddings: maxPositions };
    case 'llama3':
      return {
        type,
        factor: value('factor'),
        low_freq_factor: value('low_freq_factor', 1),
        high_freq_factor: value('high_freq_factor', 4),
        original_max_position_embeddings: original(8192),
      };
    case 'yarn':
      return {
        type,
        factor: value('factor'),
        original_max_position_embeddings: original(maxPositions),
        beta_fast: value('beta_fast', 32),
        beta_slow: value('beta_slow', 1),
        truncate: scaling.truncate !== false,
        attention_factor: yarnAttentionFactor(scaling, value('factor')),
      };
    default:
      throw new ConfigError('rope_scaling.type', type, "'linear', 'dynamic', 'llama3' or 'yarn'");
  }
}

/** YaRN's temperature on cos and sin (Peng et al., 2023), as Transformers reads it. */
function yarnAttentionFactor(scaling: Config, factor: number): number {
  if (scaling.attention_factor != null)
    return number(scaling.attention_factor, 'rope_scaling.attention_factor');
  const temperature = (mscale: number): number => (factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1);
  const { mscale, mscale_all_dim } = scaling;
  if (!mscale || !mscale_all_dim) return temperature(1);
  return (
    temperature(number(mscale, 'rope_scaling.mscale')) /
    temperature(number(mscale_all_dim, 'rope_scaling.mscale_all_dim'))
  );
}
