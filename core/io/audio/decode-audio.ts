/** Decoding sound. */
import type { AudioClip } from '../../contracts/media.js';
import { SwiftError, isSwiftError } from '../../errors.js';
import { FfmpegFault, runFfmpeg } from '../ffmpeg/run-ffmpeg.js';
import { inTemporaryFile } from '../media/temporary-file.js';
import { readWave, toMono, type Wave } from './wav.js';

/** Longer sound is refused: of one channel or two; of more, as many samples. */
const MOST_SECONDS = 3600;

/** Seconds that decoding may take. */
const PATIENCE = 300;

/**
 * Sound in one channel, the mean of those it has, with so many samples a second. A WAVE file that has as many is read here, all else
 * by ffmpeg, the first track of sound.
 * @throws SwiftError BAD_FILE for what is damaged, or no sound; BACKEND_UNAVAILABLE without ffmpeg
 */
export async function decodeAudio(bytes: Uint8Array, name: string, rate: number): Promise<AudioClip> {
  try {
    const own = readWave(bytes);
    const wave = own?.rate === rate ? own : await resampled(bytes, rate);
    if (wave.samples.length === 0) throw new Error('it holds no samples');
    if (wave.samples.length > mostSamples(rate)) throw tooLong();
    return { samples: toMono(wave), rate };
  } catch (error) {
    if (isSwiftError(error)) throw error;
    throw new SwiftError('BAD_FILE', `the audio '${name}' cannot be decoded: ${(error as Error).message}`, {
      cure: 'It is damaged, too long, or no sound: save it again as WAV, FLAC or MP3.',
      cause: error,
    });
  }
}

/** Keeps the channels: ffmpeg's own way to make one of two is louder than their mean. */
async function resampled(bytes: Uint8Array, rate: number): Promise<Wave> {
  const options = [...['-map', '0:a:0', '-vn', '-ar', String(rate), '-c:a', 'pcm_f32le', '-f', 'wav']];
  const pieces: Uint8Array[] = [];
  let room = 4 * mostSamples(rate) + HEADER;
  await inTemporaryFile(bytes, async (path) => {
    for await (const piece of runFfmpeg({ path, options, seconds: PATIENCE })) {
      pieces.push(piece);
      room -= piece.byteLength;
      if (room < 0) throw tooLong();
    }
  });
  const wave = readWave(Buffer.concat(pieces));
  if (!wave) throw new FfmpegFault('ffmpeg gave no sound');
  return wave;
}

const mostSamples = (rate: number): number => 2 * MOST_SECONDS * rate;

/** Bytes that ffmpeg writes before samples, at most. */
const HEADER = 1024;

const tooLong = (): Error => new Error(`it is longer than ${MOST_SECONDS / 60} minutes`);
