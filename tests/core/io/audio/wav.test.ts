import { describe, expect, test } from 'vitest';
import { readWave, toMono } from '../../../../core/io/audio/wav.js';
import { tone, waveFile } from '../../../../local-hub/content/wave-file.js';

/** A file whose samples are these bytes, each so many bits. */
function file(format: number, bits: 8 | 16 | 24 | 32 | 64, data: readonly number[], channels = 1): Buffer {
  const made = waveFile([new Float32Array(Math.ceil(data.length / 2))], 8000).subarray(0, 44 + data.length);
  made.writeUInt16LE(format, 20);
  made.writeUInt16LE(channels, 22);
  made.writeUInt16LE(bits, 34);
  made.writeUInt32LE(data.length, 40);
  made.set(data, 44);
  return made;
}

describe('reads samples of', () => {
  test.each([
    ['8 bits', 1, 8, [0, 128, 192], [-1, 0, 0.5]],
    ['16 bits', 1, 16, [0, 128, 0, 64], [-1, 0.5]],
    ['24 bits', 1, 24, [0, 0, 128, 0, 0, 64, 1, 0, 0], [-1, 0.5, 2 ** -23]],
    ['32 bits', 1, 32, [0, 0, 0, 128, 0, 0, 0, 64], [-1, 0.5]],
    ['float32', 3, 32, [0, 0, 0, 63, 0, 0, 128, 190], [0.5, -0.25]],
    ['float64', 3, 64, [0, 0, 0, 0, 0, 0, 224, 63], [0.5]],
  ] as const)('%s', (_, format, bits, data, expected) => {
    const { rate, samples } = readWave(file(format, bits, data))!;
    expect(rate).toBe(8000);
    expect([...samples]).toEqual(expected);
  });

  test('several channels, whose mean is one', () => {
    const [left, right] = [tone(100, 8000, 0.01), tone(300, 8000, 0.01)];
    const wave = readWave(waveFile([left, right], 8000, 'float32'))!;
    expect(wave.channels).toBe(2);
    expect([...toMono(wave)]).toEqual(Array.from(left, (value, i) => Math.fround((value + right[i]) / 2)));
  });

  test('a file that does not know its length', () => {
    const endless = waveFile([tone(100, 8000, 0.01)], 8000);
    endless.writeUInt32LE(0xffff_ffff, 40);
    expect(readWave(endless)!.samples.length).toBe(80);
  });
});

test('leaves compressed samples and other files to others', () => {
  expect(readWave(file(0x55, 16, [0, 0]))).toBeUndefined();
  expect(readWave(Buffer.from('fLaC and more'))).toBeUndefined();
  expect(readWave(new Uint8Array())).toBeUndefined();
});

test.each([
  ['ends early', waveFile([tone(100, 8000, 0.01)], 8000).subarray(0, 60), /ends 144 bytes early/],
  ['has no samples', waveFile([tone(100, 8000, 0.01)], 8000).subarray(0, 36), /holds no samples/],
  ['has no channels', file(1, 16, [0, 0], 0), /0 channels/],
])('refuses one that %s', (_, bytes, message) => {
  expect(() => readWave(bytes)).toThrow(message);
});
