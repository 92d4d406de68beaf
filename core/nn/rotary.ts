/** Rotary embedding tables and the scalings checkpoints ask for (`rope_scaling` in config.json). */

export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly low_freq_factor: number;
      readonly high_freq_factor: number;
      readonly original_max_position_embeddings: number;
    }
  | {
      readonly type: 'yarn';
      readonly factor: number;
      readonly original_max_position_embeddings: number;
      readonly beta_fast: number;
      readonly beta_slow: number;
      /** Whether the bounds of the ramp are rounded to whole dimensions. */
      readonly truncate: boolean;
      /** Factor on cos and sin. */
      readonly attention_factor: number;
    }
  | {
      readonly type: 'dynamic';
      readonly factor: number;
      readonly original_max_position_embeddings: number;
    }
  | {
      /** Each frequency is divided by exp(a · (i + 1)^power), the slowest by `factor`. */
      readonly type: 'ntkmixed';
      readonly factor: number;
      readonly power: number;
    }
  | {
      /** Only so large a share of the frequencies turn, the fastest ones (Gemma 4). */
      readonly type: 'proportional';
      readonly factor: number;
      readonly share: number;
    }
  | {
      readonly type: 'longrope';
      /** Divisor of each frequency up to the original length, [dims / 2], and beyond. */
      readonly short_factor: readonly number[];
      readonly long_factor: readonly number[];
      readonly original_max_position_embeddings: number;
      /** Factor on cos and sin, up to the original length and beyond. */
      readonly short_attention_factor: number;
      readonly long_attention_factor: number;
    };

/** Cosine and sine of each position's angles. */
export interface RopeTables {
  /** [positions, dims / 2] */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** One kind of rotary positions of a model. */
export interface RopeSettings {
  /** Dimensions of a head that turn. */
  readonly dims: number;
  readonly theta: number;
  readonly scaling?: RopeScaling;
}

export interface RotaryOptions extends RopeSettings {
  /** Positions of the longest sequence at hand, which some scalings depend on; the table may have more. */
  readonly used: number;
}

/** The number among `used` positions by which tables differ: equal numbers, equal tables. */
export function ropeBasis({ scaling }: RopeSettings, used: number): number {
  if (scaling?.type === 'dynamic') return Math.max(used, scaling.original_max_position_embeddings);
  if (scaling?.type !== 'longrope') return 0;
  const original = scaling.original_max_position_embeddings;
  return used > original ? original + 1 : original;
}

/**
 * LongRoPE has other frequencies beyond its original length, for every position: a sequence that grows past it is read
 * anew, as Transformers does. Dynamic NTK keeps what it has turned, there and here.
 */
export function turnsAnew({ scaling }: RopeSettings, before: number, after: number): boolean {
  if (scaling?.type !== 'longrope') return false;
  const { original_max_position_embeddings: original } = scaling;
  return before <= original && after > original;
}

/** cos and sin for positions first … first + length − 1. Angles are computed in float64. */
export function ropeTables(length: number, options: RotaryOptions, first = 0): RopeTables {
  const { dims, theta, scaling, used } = options;
  const half = dims / 2;
  const base = scaling?.type === 'dynamic' ? dynamicTheta(theta, dims, used, scaling) : theta;
  const frequencies = Array.from({ length: half }, (_, i) => base ** (-i / half));
  const scaled = frequencies.map((frequency, i) => scaleFrequency(frequency, i, options));
  const amplitude = amplitudeOf(options);
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let row = 0; row < length; row++) {
    for (let i = 0; i < half; i++) {
      const angle = (first + row) * scaled[i];
      cos[row * half + i] = Math.cos(angle) * amplitude;
      sin[row * half + i] = Math.sin(angle) * amplitude;
    }
  }
  return { cos, sin };
}

function scaleFrequency(
  frequency: number,
  index: number,
  { theta, dims, scaling, used }: RotaryOptions,
): number {
  switch (scaling?.type) {
    case 'linear':
      return frequency / scaling.factor;
    case 'llama3': {
      const wavelength = (2 * Math.PI) / frequency;
      const { factor, low_freq_factor: low, high_freq_factor: high } = scaling;
      const original = scaling.original_max_position_embeddings;
      if (wavelength < original / high) return frequency;
      if (wavelength > original / low) return frequency / factor;
      const smooth = (original / wavelength - low) / (high - low);
      return (1 - smooth) * (frequency / factor) + smooth * frequency;
    }
    case 'yarn': {
      const original = scaling.original_max_position_embeddings;
      const correction = (rotations: number): number =>
        (dims * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
      const [first, last] = [correction(scaling.beta_fast), correction(scaling.beta_slow)];
      const low = Math.max(scaling.truncate ? Math.floor(first) : first, 0);
      const high = Math.min(scaling.truncate ? Math.ceil(last) : last, dims - 1);
      const ramp = Math.min(1, Math.max(0, (index - low) / Math.max(high - low, 0.001)));
      return (frequency / scaling.factor) * ramp + frequency * (1 - ramp);
    }
    case 'ntkmixed':
      return frequency / scaling.factor ** (((index + 1) / (dims / 2)) ** scaling.power);
    case 'longrope': {
      const isLong = used > scaling.original_max_position_embeddings;
      return frequency / (isLong ? scaling.long_factor : scaling.short_factor)[index];
    }
    case 'proportional':
      return index < Math.floor((scaling.share * dims) / 2) ? frequency / scaling.factor : 0;
    case 'dynamic':
    case undefined:
      return frequency;
  }
}

/** Factor on cos and sin. */
function amplitudeOf({ scaling, used }: RotaryOptions): number {
  if (scaling?.type === 'yarn') return scaling.attention_factor;
  if (scaling?.type !== 'longrope') return 1;
  const isLong = used > scaling.original_max_position_embeddings;
  return isLong ? scaling.long_attention_factor : scaling.short_attention_factor;
}

/** NTK-aware base once a sequence outgrows the trained length. */
function dynamicTheta(
  theta: number,
  dims: number,
  used: number,
  { factor, original_max_position_embeddings: original }: RopeScaling & { type: 'dynamic' },
): number {
  if (used <= original) return theta;
  return theta * ((factor * used) / original - (factor - 1)) ** (dims / (dims - 2));
}
