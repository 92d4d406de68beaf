import type { AudioClip } from '../contracts/media.js';
import type { AudioProcessor, AudioSize, Grid, PlacedMedium } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import { LogMel, type LogMelOptions } from './log-mel.js';

export interface WhisperSoundOptions extends LogMelOptions {
  readonly token: string;
  readonly text: (sound: PlacedMedium) => string;
  /** Frames that become one feature: shorter sounds are refused. */
  readonly least: number;
  /** Whether the silence that fills a clip up is heard too. */
  readonly whole: boolean;
  /** Whether a sound ends with its last whole frame, so that convolutions meet zeros behind it, no silence (Qwen-Audio). */
  readonly cut?: boolean;
  /** Frames behind a sound that the tower is given too: as far as its convolutions look; 2 when absent. */
  readonly behind?: number;
  /** Sounds longer than a clip are refused; they are cut when absent. */
  readonly refuses_longer?: boolean;
}

/**
 * Sounds as Whisper hears them: log-mel frames of a clip of fixed length, behind which what is longer is cut; or of the sound as long as it
 * is. Values are [bands, frames], a few frames more than there is sound, since convolutions look so far ahead; silence behind these changes
 * nothing.
 */
export class WhisperSounds implements AudioProcessor {
  readonly token: string;
  readonly rate: number;
  private readonly mel: LogMel;

  constructor(private readonly options: WhisperSoundOptions) {
    this.token = options.token;
    this.rate = options.rate;
    this.mel = new LogMel(options);
  }

  text(sound: PlacedMedium): string {
    return this.options.text(sound);
  }

  grid({ length }: AudioSize): Grid {
    const { hop, least, rate, whole, cut, refuses_longer, length: clip } = this.options;
    if (refuses_longer && clip !== undefined && length > clip) throw this.tooLong(length, clip);
    // A window that a clip does not fill is heard where silence fills it up.
    const filled = !cut && clip !== undefined;
    const frames = Math.min(this.most, (filled ? Math.ceil : Math.floor)(length / hop));
    if (frames < least) {
      throw new SwiftError('BAD_ROW', `a sound of ${(length / rate).toFixed(3)} seconds is too short`, {
        cure: `It takes ${((least * hop) / rate).toFixed(3)} seconds to be heard at all: leave it out.`,
      });
    }
    return [whole ? this.most : frames];
  }

  process({ samples }: AudioClip): Float32Array {
    const [frames] = this.grid(samples);
    const { bands, cut, behind = 2 } = this.options;
    if (!cut) return this.mel.frames(samples, Math.min(this.most, frames + behind));
    const all = Math.min(this.most, frames + 3);
    const levels = this.mel.frames(samples, all);
    const kept = 2 * Math.ceil(frames / 2);
    const values = new Float32Array(bands * kept);
    for (let band = 0; band < bands; band++)
      values.set(levels.subarray(band * all, band * all + kept), band * kept);
    return values;
  }

  private tooLong(samples: number, most: number): SwiftError {
    const { rate } = this.options;
    const fault = `a sound of ${(samples / rate).toFixed(1)} seconds is longer than the ${most / rate} that the model hears`;
    return new SwiftError('BAD_ROW', fault, {
      cure: 'Cut it between words, and give each piece a row with its own words.',
    });
  }

  /** Frames of a clip. */
  private get most(): number {
    const { length = Infinity, hop } = this.options;
    return Math.floor(length / hop);
  }
}
