/** Whisper's log-mel spectrogram (Radford et al., 2022). Uses no Node API. */

export interface LogMelOptions {
  /** Mel bands. */
  readonly bands: number;
  /** Samples a second. */
  readonly rate: number;
  /** Samples of a window, and from one window to the next. */
  readonly window: number;
  readonly hop: number;
  /** Samples of a clip: what is longer is cut, behind what is shorter there is silence. Absent: a clip is as long as its sound. */
  readonly length?: number;
  /** Levels in decibels over bands of the HTK scale, as torchaudio has them (Dasheng); Whisper's when absent. */
  readonly decibels?: boolean;
}

/** Of the power spectrum, the quietest that is told from silence, and how far below the loudest, in powers of ten. */
const SILENCE = 1e-10;
const RANGE = { whisper: 8, decibels: 12 };

/** Hertz: Whisper's bands end here, whatever the rate. */
const HIGHEST = 8000;

/** Frames of a clip, frame i around sample i · hop, as if the clip were mirrored at its ends. */
export class LogMel {
  private readonly power: PowerSpectrum;
  private readonly bands: readonly Band[];
  private readonly taper: Float64Array;

  constructor(private readonly options: LogMelOptions) {
    const { window, rate, bands, decibels = false } = options;
    this.power = new PowerSpectrum(window);
    this.bands = melBands(bands, window / 2 + 1, rate, decibels ? HTK : SLANEY);
    this.taper = Float64Array.from(
      { length: window },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window),
    );
  }

  /**
   * The first `count` frames; those behind are taken for silence. Levels are powers of ten, at most 8 below the loudest, then
   * (level + 4) / 4; or decibels, at most 120 below the loudest.
   * @param length of the clip with the silence behind it
   * @returns [bands, count]
   */
  frames(samples: Float32Array, count: number, length = this.options.length ?? samples.length): Float32Array {
    const { window, hop, decibels } = this.options;
    const clip = samples.subarray(0, length);
    const around = mirrored(clip, length, window / 2, (count - 1) * hop + window);
    const levels = new Float32Array(this.bands.length * count).fill(Math.log10(SILENCE));
    const seen = new Float64Array(window);
    for (let frame = 0; frame < count; frame++) {
      const start = frame * hop;
      if (start >= clip.length + window / 2) break;
      for (let i = 0; i < window; i++) seen[i] = this.taper[i] * around[start + i];
      const power = this.power.of(seen);
      for (let band = 0; band < this.bands.length; band++) {
        const { first, weights } = this.bands[band];
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * power[first + i];
        levels[band * count + frame] = Math.log10(Math.max(sum, SILENCE));
      }
    }
    const loudest = levels.reduce((most, level) => Math.max(most, level), -Infinity);
    const floor = loudest - RANGE[decibels ? 'decibels' : 'whisper'];
    return levels.map((level) => (decibels ? 10 * Math.max(level, floor) : (Math.max(level, floor) + 4) / 4));
  }
}

/** The first `count` samples of a clip of `length`, silence included, and `edge` more before it. */
function mirrored(clip: Float32Array, length: number, edge: number, count: number): Float32Array {
  const around = new Float32Array(count);
  around.set(clip.subarray(0, count - edge), edge);
  for (let i = 1; i <= edge; i++) around[edge - i] = clip[i] ?? 0;
  for (let i = edge + length; i < count; i++) around[i] = clip[2 * (length - 1) - (i - edge)] ?? 0;
  return around;
}

/** |DFT|² of n real values at the frequencies 0 … n/2, by two shorter transforms (Cooley and Tukey, 1965). */
export class PowerSpectrum {
  /** n = rows · columns */
  private readonly rows: number;
  private readonly columns: number;
  private readonly short: Waves;
  private readonly long: Waves;
  /** Of each column, [columns, rows] */
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly power: Float64Array;

  constructor(size: number) {
    this.rows = divisorNearRoot(size);
    this.columns = size / this.rows;
    this.short = wavesOf(this.rows, this.rows, this.rows);
    this.long = wavesOf(size, size / 2 + 1, this.columns);
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
    this.power = new Float64Array(size / 2 + 1);
  }

  /** Valid until it is called again. */
  of(values: Float64Array): Float64Array {
    const { rows, columns, short, long, re, im, power } = this;
    for (let column = 0; column < columns; column++) {
      for (let k = 0; k <= rows / 2; k++) {
        let [sumRe, sumIm] = [0, 0];
        for (let row = 0; row < rows; row++) {
          const value = values[row * columns + column];
          sumRe += value * short.cos[k * rows + row];
          sumIm -= value * short.sin[k * rows + row];
        }
        re[column * rows + k] = sumRe;
        im[column * rows + k] = sumIm;
        // Values are real: the upper half mirrors the lower one.
        const mirrored = column * rows + ((rows - k) % rows);
        re[mirrored] = sumRe;
        im[mirrored] = k === 0 ? 0 : -sumIm;
      }
    }
    for (let k = 0; k < power.length; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (
        let column = 0, wave = k * columns, at = k % rows;
        column < columns;
        column++, wave++, at += rows
      ) {
        sumRe += re[at] * long.cos[wave] + im[at] * long.sin[wave];
        sumIm += im[at] * long.cos[wave] - re[at] * long.sin[wave];
      }
      power[k] = sumRe * sumRe + sumIm * sumIm;
    }
    return power;
  }
}

interface Waves {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Of the angles 2π · k · t / size: [frequencies, times] */
function wavesOf(size: number, frequencies: number, times: number): Waves {
  const cos = new Float64Array(frequencies * times);
  const sin = new Float64Array(frequencies * times);
  for (let k = 0; k < frequencies; k++) {
    for (let t = 0; t < times; t++) {
      const angle = (2 * Math.PI * ((k * t) % size)) / size;
      cos[k * times + t] = Math.cos(angle);
      sin[k * times + t] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

function divisorNearRoot(size: number): number {
  let divisor = Math.floor(Math.sqrt(size));
  while (size % divisor !== 0) divisor--;
  return divisor;
}

/** What of the power spectrum a band adds up. */
export interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

/** A scale of pitch, and whether triangles over it have equal areas, or equal heights. */
interface MelScale {
  readonly toMel: (hertz: number) => number;
  readonly toHertz: (mel: number) => number;
  readonly isEven: boolean;
}

/** Triangles evenly apart on a scale, between two pitches in hertz. */
export function melBands(
  count: number,
  frequencies: number,
  rate: number,
  { toMel, toHertz, isEven }: MelScale,
  [lowest, highest]: readonly [number, number] = [0, HIGHEST],
): Band[] {
  const [first, last] = [toMel(lowest), toMel(highest)];
  const edges = Array.from({ length: count + 2 }, (_, i) =>
    toHertz(first + ((last - first) * i) / (count + 1)),
  );
  return Array.from({ length: count }, (_, band) => {
    const [low, middle, high] = edges.slice(band, band + 3);
    const weights: number[] = [];
    let first = 0;
    for (let i = 0; i < frequencies; i++) {
      const hertz = (i * rate) / 2 / (frequencies - 1);
      const height = Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
      if (height <= 0) continue;
      if (weights.length === 0) first = i;
      weights.push(isEven ? (height * 2) / (high - low) : height);
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

/** Slaney's scale is straight up to 1000 Hz, logarithmic above. */
const STRAIGHT = { hertz: 1000, mel: 15 };
const MELS_PER_LOG = 27 / Math.log(6.4);

const SLANEY: MelScale = {
  toMel(hertz) {
    const { hertz: bend, mel } = STRAIGHT;
    return hertz < bend ? (hertz * mel) / bend : mel + Math.log(hertz / bend) * MELS_PER_LOG;
  },
  toHertz(mel) {
    const { hertz, mel: bend } = STRAIGHT;
    return mel < bend ? (mel * hertz) / bend : hertz * Math.exp((mel - bend) / MELS_PER_LOG);
  },
  isEven: true,
};

/** Of the Hidden Markov Model Toolkit. */
export const HTK: MelScale = {
  toMel: (hertz) => 2595 * Math.log10(1 + hertz / 700),
  toHertz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  isEven: false,
};
