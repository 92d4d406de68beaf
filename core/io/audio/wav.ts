/** WAVE files of uncompressed samples. */

export interface Wave {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
  /** One channel's beside the other's, −1 to 1. */
  readonly samples: Float32Array;
}

/** How samples are written, by the format's number and bits: bytes of one, and how it is read. */
const CODINGS: Readonly<
  Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>
> = {
  '1/8': [1, (view, at) => (view.getUint8(at) - 128) / 128],
  '1/16': [2, (view, at) => view.getInt16(at, true) / 2 ** 15],
  '1/24': [3, (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23],
  '1/32': [4, (view, at) => view.getInt32(at, true) / 2 ** 31],
  '3/32': [4, (view, at) => view.getFloat32(at, true)],
  '3/64': [8, (view, at) => view.getFloat64(at, true)],
};

/** The format whose number stands behind the usual fields. */
const EXTENSIBLE = 0xfffe;

/** A size from here on is none: the file was written without knowing where it ends. */
const ENDLESS = 0x7fff_0000;

/** @returns undefined for another kind of file, and for compressed samples. @throws Error for a damaged one */
export function readWave(bytes: Uint8Array): Wave | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (name(0) !== 'RIFF' || name(8) !== 'WAVE') return undefined;
  let format: readonly [coding: string, channels: number, rate: number] | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [chunk, size] = [name(at), view.getUint32(at + 4, true)];
    const start = at + 8;
    if (chunk === 'fmt ') {
      if (start + 16 > bytes.length) break;
      const kind = view.getUint16(start, true);
      const number = kind === EXTENSIBLE && size >= 26 ? view.getUint16(start + 24, true) : kind;
      format = [
        `${number}/${view.getUint16(start + 14, true)}`,
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
      ];
    } else if (chunk === 'data') {
      if (!format) throw new Error('samples stand before their format');
      const end = size >= ENDLESS ? bytes.length : start + size;
      if (end > bytes.length) throw new Error(`it ends ${end - bytes.length} bytes early`);
      return samplesOf(view, start, end, format);
    }
    at = start + size + (size % 2);
  }
  throw new Error('it holds no samples');
}

function samplesOf(
  view: DataView,
  start: number,
  end: number,
  [coding, channels, rate]: readonly [string, number, number],
): Wave | undefined {
  if (!(coding in CODINGS)) return undefined;
  if (channels === 0 || rate === 0)
    throw new Error(`it has ${channels} channels and ${rate} samples a second`);
  const [width, read] = CODINGS[coding];
  const count = Math.floor((end - start) / (width * channels)) * channels;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) samples[i] = read(view, start + i * width);
  return { rate, channels, samples };
}

/** The mean of all channels. */
export function toMono({ channels, samples }: Wave): Float32Array {
  if (channels === 1) return samples;
  const mono = new Float32Array(samples.length / channels);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[i * channels + channel];
    mono[i] = sum / channels;
  }
  return mono;
}
