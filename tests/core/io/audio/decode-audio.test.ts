import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeAudio } from '../../../../core/io/audio/decode-audio.js';
import { ffmpegMakes } from '../ffmpeg/make-media.js';
import { temporaryFolder } from '../temporary-folder.js';
import { tone, waveFile } from '../../../../local-hub/content/wave-file.js';

const RATE = 16_000;
const folder = temporaryFolder();
const rounded = tone(440, RATE, 0.5).map((value) => Math.round(value * 32767) / 32768);

async function made(name: string, wave: Buffer, ...options: string[]): Promise<Buffer> {
  const path = join(folder, name);
  await ffmpegMakes(path, wave, options);
  return readFileSync(path);
}

function distance(ours: Float32Array, theirs: Float32Array): number {
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? 0))), 0);
}

test('a WAVE file at the wanted rate needs no ffmpeg', async () => {
  const path = process.env.PATH;
  process.env.PATH = '';
  try {
    const { samples, rate } = await decodeAudio(waveFile([tone(440, RATE, 0.5)], RATE), 'a.wav', RATE);
    expect(distance(samples, rounded)).toBe(0);
    expect(rate).toBe(RATE);
  } finally {
    process.env.PATH = path;
  }
});

test('FLAC is what it was made of', async () => {
  const flac = await made('a.flac', waveFile([tone(440, RATE, 0.5)], RATE));
  const { samples } = await decodeAudio(flac, 'a.flac', RATE);
  expect(samples.length).toBe(rounded.length);
  expect(distance(samples, rounded)).toBe(0);
});

test('two channels become their mean, at another rate too', async () => {
  const stereo = waveFile([tone(440, 44_100, 0.5), new Float32Array(22_050)], 44_100);
  const { samples } = await decodeAudio(stereo, 'a.wav', RATE);
  expect(Math.abs(samples.length - RATE / 2)).toBeLessThanOrEqual(1);
  // The filter rings at both ends.
  const inside = samples.subarray(400, 7600).map((value) => 2 * value);
  expect(distance(inside, tone(440, RATE, 0.5).subarray(400, 7600))).toBeLessThan(5e-3);
});

test.each(['mp3', 'ogg', 'm4a'])('%s comes close to what it was made of', async (kind) => {
  const file = await made(`b.${kind}`, waveFile([tone(440, 22_050, 1)], 22_050));
  const { samples } = await decodeAudio(file, `b.${kind}`, RATE);
  expect(samples.length).toBeGreaterThanOrEqual(RATE * 0.95);
  expect(samples.reduce((most, value) => Math.max(most, value), 0)).toBeCloseTo(0.5, 1);
});

describe('is told as a fault of the audio', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    expect(decodeAudio(bytes, 'a.mp3', RATE)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(message) as string,
    });

  test('text, nothing at all, a list of other files', async () => {
    await refused(Buffer.from('I am no sound'), /^the audio 'a\.mp3' cannot be decoded: /);
    await refused(new Uint8Array(), /cannot be decoded/);
    await refused(Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://localhost/a.mp3\n'), /cannot be decoded/);
  });

  test('a file that ends early', async () => {
    const flac = await made('c.flac', waveFile([tone(440, RATE, 2)], RATE));
    await refused(flac.subarray(0, flac.length - 100), /cannot be decoded/);
    await refused(waveFile([tone(440, RATE, 1)], RATE).subarray(0, 9000), /ends 23044 bytes early/);
  });

  test('no sample, and a video without sound', async () => {
    await refused(waveFile([new Float32Array()], RATE), /holds no samples/);
    const mute = await made('d.mkv', Buffer.from('P6\n2 2\n255\n............'), '-c:v', 'ffv1');
    await refused(mute, /cannot be decoded/);
  });
});
