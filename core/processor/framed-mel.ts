import type { AudioClip } from '../contracts/media.js';
import type { AudioProcessor, AudioSize, Grid, PlacedMedium } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import { HTK, melBands, PowerSpectrum, type Band } from './log-mel.js';

export interface FramedMelOptions {
  readonly token: string;
  readonly text: (sound: PlacedMedium) => string;
  /** Mel bands, of hertz from `low` to `high`. */
  readonly bands: number;
  readonly low: number;
  readonly high: number;
  /** Samples a second. */
  readonly rate: number;
  /** Samples of a frame, and from one to the next. */
  readonly window: number;
  readonly hop: number;
  /** Values that a frame is filled up to with silence for its spectrum. */
  readonly transform: number;
  /** Samples of silence before the first one. */
  readonly lead: number;
  /** What is added to a band before its logarithm. */
  readonly floor: number;
  /** Samples that are heard, at most. */
  readonly most: number;
}

/**
 * Sounds as frames of log-mel as the Universal Speech Model hears them (Zhang et al., 2023, arXiv 2303.01037; Gemma 4): magnitudes, bands on
 * the HTK scale, natural logarithms. A frame is there where all of its samples are, and one more. Values are [bands, frames].
 */
export class FramedMel implements AudioProcessor {
  readonly token: string;
  readonly rate: number;
  private readonly power: PowerSpectrum;
  private readonly bands: readonly Band[];
  private readonly taper: Float64Array;

  constructor(private readonly options: FramedMelOptions) {
    const { window, transform, bands, low, high, rate } = options;
    this.token = options.token;
    this.rate = rate;
    this.power = new PowerSpectrum(transform);
    this.bands = melBands(bands, transform / 2 + 1, rate, HTK, [low, high]);
    this.taper = Float64Array.from(
      { length: window },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window),
    );
  }

  text(sound: PlacedMedium): string {
    return this.options.text(sound);
  }

  grid({ length }: AudioSize): Grid {
    const { hop, lead, window, most, rate } = this.options;
    const frames = Math.floor((Math.min(length, most) + lead - window - 1) / hop) + 1;
    if (frames < 1) {
      throw new SwiftError('BAD_ROW', `a sound of ${(length / rate).toFixed(3)} seconds is too short`, {
        cure: `It takes ${((window + 1 - lead) / rate).toFixed(3)} seconds to be heard at all: leave it out.`,
      });
    }
    return [frames];
  }

  process({ samples }: AudioClip): Float32Array {
    const { hop, lead, window, transform, floor } = this.options;
    const [frames] = this.grid(samples);
    const levels = new Float32Array(this.bands.length * frames);
    const seen = new Float64Array(transform);
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * hop - lead;
      for (let i = 0; i < window; i++) seen[i] = this.taper[i] * (samples[start + i] ?? 0);
      const power = this.power.of(seen);
      this.bands.forEach(({ first, weights }, band) => {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * Math.sqrt(power[first + i]);
        levels[band * frames + frame] = Math.log(sum + floor);
      });
    }
    return levels;
  }
}
