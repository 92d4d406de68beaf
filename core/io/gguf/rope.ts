/** `rope_scaling` of config.json, from a GGUF file's keys and from the divisors of frequencies it stores as tensors. */
import { notRead, type GgufFacts } from './facts.js';

export type RopeScalingConfig = Readonly<Record<string, unknown>>;

/** @throws SwiftError UNSUPPORTED_MODEL for a kind that is not known */
export function ropeScalingOf(facts: GgufFacts): RopeScalingConfig | null {
  const { divisors } = facts;
  const type = facts.text('rope.scaling.type');
  const factor = facts.optional('rope.scaling.factor') ?? 1;
  const original = facts.optional('rope.scaling.original_context_length');
  if (divisors['rope_freqs.weight']) return llama3Scaling(facts, divisors['rope_freqs.weight']);
  if (divisors['rope_factors_long.weight']) return longRope(facts, original);
  if (type === undefined || type === 'none' || factor === 1) return null;
  if (type === 'linear') return { rope_type: 'linear', factor };
  if (type !== 'yarn' || original === undefined)
    throw notRead(facts, `stretches its rotary positions by '${type}', which is not read`);
  return {
    rope_type: 'yarn',
    factor,
    original_max_position_embeddings: original,
    beta_fast: facts.number('rope.scaling.yarn_beta_fast', 32),
    beta_slow: facts.number('rope.scaling.yarn_beta_slow', 1),
  };
}

/**
 * Llama 3.1 and later: the file keeps the divisors that its scaling leads to and not the parameters. All published
 * models share two of the four; that the guess gives these very divisors is checked.
 */
function llama3Scaling(facts: GgufFacts, factors: Float32Array): RopeScalingConfig {
  const theta = facts.number('rope.freq_base', 10_000);
  const factor = factors.reduce((a, b) => Math.max(a, b), 1);
  const scaling = {
    rope_type: 'llama3',
    factor,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  } as const;
  const { low_freq_factor: low, high_freq_factor: high } = scaling;
  for (let i = 0; i < factors.length; i++) {
    const wavelength = 2 * Math.PI * theta ** (i / factors.length);
    const turns = scaling.original_max_position_embeddings / wavelength;
    const smooth = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    const expected = 1 / ((1 - smooth) / factor + smooth);
    if (Math.abs(expected - factors[i]) > 1e-3 * expected)
      throw notRead(facts, "scales its rotary frequencies in a way that is not Llama 3's");
  }
  return scaling;
}

/** LongRoPE of Phi-3 and MiniCPM4; the temperature follows from the two lengths. */
function longRope(facts: GgufFacts, original?: number): RopeScalingConfig {
  const values = (name: string): number[] => Array.from(facts.divisors[name] ?? [], decimal);
  return {
    rope_type: 'longrope',
    long_factor: values('rope_factors_long.weight'),
    short_factor: values('rope_factors_short.weight'),
    original_max_position_embeddings: original ?? facts.number('context_length'),
    attention_factor: facts.optional('rope.scaling.attn_factor'),
  };
}

const decimal = (value: number): number => Number(value.toPrecision(7));
