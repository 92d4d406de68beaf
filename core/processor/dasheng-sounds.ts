import type { AudioClip } from '../contracts/media.js';
import type { AudioProcessor, AudioSize, Grid, PlacedMedium } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import { LogMel, type LogMelOptions } from './log-mel.js';

export interface DashengSoundOptions extends Omit<LogMelOptions, 'length' | 'decibels'> {
  readonly token: string;
  readonly text: (sound: PlacedMedium) => string;
  /** Frames of a patch. */
  readonly patch_size: number;
  /** Patches that become one feature: shorter sounds are refused. */
  readonly least: number;
}

/** Sounds of any length as decibels of mel bands (Dasheng). Values [bands, frames]; grids [frames, patches without a frame from behind the end]. */
export class DashengSounds implements AudioProcessor {
  readonly token: string;
  readonly rate: number;
  private readonly mel: LogMel;

  constructor(private readonly options: DashengSoundOptions) {
    this.token = options.token;
    this.rate = options.rate;
    this.mel = new LogMel({ ...options, length: Infinity, decibels: true });
  }

  text(sound: PlacedMedium): string {
    return this.options.text(sound);
  }

  grid({ length }: AudioSize): Grid {
    const { hop, patch_size, least, rate } = this.options;
    const frames = 1 + Math.floor(length / hop);
    if (frames >= patch_size * least) return [frames, Math.floor(length / (hop * patch_size))];
    throw new SwiftError('BAD_ROW', `a sound of ${(length / rate).toFixed(3)} seconds is too short`, {
      cure: `It takes ${(((patch_size * least - 1) * hop) / rate).toFixed(3)} seconds to be heard at all: leave it out.`,
    });
  }

  process({ samples }: AudioClip): Float32Array {
    const [frames] = this.grid(samples);
    return this.mel.frames(samples, frames, samples.length);
  }
}
