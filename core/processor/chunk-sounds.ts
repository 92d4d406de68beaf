import type { AudioClip } from '../contracts/media.js';
import type { AudioProcessor, AudioSize, Grid, PlacedMedium } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import { LogMel, type LogMelOptions } from './log-mel.js';

export interface ChunkSoundOptions extends LogMelOptions {
  readonly token: string;
  readonly text: (sound: PlacedMedium) => string;
  /** Of a chunk. */
  readonly length: number;
  /** Samples of silence behind each chunk. */
  readonly silence: number;
  /** Frames that become one feature: shorter chunks are refused. */
  readonly least: number;
}

/** Sounds of any length in chunks of `length` samples, log-mel frames each (Step-Audio 2). Grids are the frames of each chunk. */
export class ChunkSounds implements AudioProcessor {
  readonly token: string;
  readonly rate: number;
  private readonly mel: LogMel;

  constructor(private readonly options: ChunkSoundOptions) {
    this.token = options.token;
    this.rate = options.rate;
    this.mel = new LogMel(options);
  }

  text(sound: PlacedMedium): string {
    return this.options.text(sound);
  }

  grid({ length }: AudioSize): Grid {
    const { length: most, silence, hop, least, rate } = this.options;
    const chunks = Math.ceil(length / most);
    const grid = Array.from({ length: chunks }, (_, i) =>
      Math.floor((Math.min(most, length - i * most) + silence) / hop),
    );
    if (grid.length > 0 && grid.every((frames) => frames >= least)) return grid;
    const seconds = (length - Math.max(0, chunks - 1) * most) / rate;
    throw new SwiftError(
      'BAD_ROW',
      `a sound, or the rest of one, of ${seconds.toFixed(3)} seconds is too short`,
      {
        cure: `It is heard in pieces of ${most / rate} seconds, and takes ${((least * hop - silence) / rate).toFixed(3)} to be heard at all: cut it.`,
      },
    );
  }

  process({ samples }: AudioClip): Float32Array {
    const { length: most, silence, bands } = this.options;
    const grid = this.grid(samples);
    const values = new Float32Array(bands * grid.reduce((sum, frames) => sum + frames, 0));
    let to = 0;
    grid.forEach((frames, i) => {
      const chunk = samples.subarray(i * most, (i + 1) * most);
      values.set(this.mel.frames(chunk, frames, chunk.length + silence), to);
      to += bands * frames;
    });
    return values;
  }
}
