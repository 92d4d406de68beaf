import { ConfigReader, type Config } from './config.js';
import type { RopeScaling } from './rotary.js';

/** The fields about rotary positions: `rope_scaling`, else `rope_parameters` of Transformers 5, in its order. */
export function ropeFields(reader: ConfigReader): ConfigReader {
  const fields = (reader.get('rope_scaling') ?? reader.get('rope_parameters') ?? {}) as Config;
  return new ConfigReader(fields);
}

const KINDS = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope', 'su', 'proportional'] as const;

/**
 * What `rope_scaling` asks for; undefined for plain rotary positions.
 * @param originalPositions positions before stretching, where the fields do not say
 * @throws ConfigError
 */
export function ropeScaling(
  fields: ConfigReader,
  maxPositions: number,
  originalPositions = maxPositions,
): RopeScaling | undefined {
  const type = fields.choice(fields.has('rope_type') ? 'rope_type' : 'type', KINDS, 'default');
  const original = (fallback: number): number => fields.number('original_max_position_embeddings', fallback);
  switch (type) {
    case 'default':
      return undefined;
    case 'linear':
      return { type, factor: fields.number('factor') };
    case 'dynamic':
      return { type, factor: fields.number('factor'), original_max_position_embeddings: maxPositions };
    case 'llama3':
      return {
        type,
        factor: fields.number('factor'),
        low_freq_factor: fields.number('low_freq_factor', 1),
        high_freq_factor: fields.number('high_freq_factor', 4),
        original_max_position_embeddings: original(8192),
      };
    case 'yarn':
      return {
        type,
        factor: fields.number('factor'),
        original_max_position_embeddings: original(originalPositions),
        beta_fast: fields.number('beta_fast', 32),
        beta_slow: fields.number('beta_slow', 1),
        truncate: fields.flag('truncate', true),
        attention_factor: yarnAttentionFactor(fields),
      };
    case 'proportional':
      return { type, factor: fields.number('factor', 1), share: fields.number('partial_rotary_factor', 1) };
    case 'longrope':
    case 'su':
      return longRope(fields, maxPositions, original(originalPositions));
  }
}

/** YaRN's temperature on cos and sin (Peng et al., 2023), as Transformers reads it. */
function yarnAttentionFactor(fields: ConfigReader): number {
  if (fields.has('attention_factor')) return fields.number('attention_factor');
  const factor = fields.number('factor');
  const [mscale, all] = [fields.number('mscale', 0), fields.number('mscale_all_dim', 0)];
  return mscale && all ? yarnScale(factor, mscale) / yarnScale(factor, all) : yarnScale(factor);
}

/** 0.1 · mscale · ln factor + 1; 1 where nothing is stretched. */
export function yarnScale(factor: number, mscale = 1): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}

/** LongRoPE (Ding et al., 2024): a divisor of every frequency, other ones beyond the original length. */
function longRope(fields: ConfigReader, maxPositions: number, original: number): RopeScaling {
  const stretch = fields.number('factor', maxPositions / original);
  const temperature = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
  return {
    type: 'longrope',
    short_factor: fields.numbers('short_factor'),
    long_factor: fields.numbers('long_factor'),
    original_max_position_embeddings: original,
    short_attention_factor: fields.number('short_mscale', fields.number('attention_factor', temperature)),
    long_attention_factor: fields.number('long_mscale', fields.number('attention_factor', temperature)),
  };
}
