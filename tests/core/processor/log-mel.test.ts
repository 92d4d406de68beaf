import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LogMel } from '../../../core/processor/log-mel.js';

interface Case {
  readonly name: string;
  readonly bands: number;
  readonly frames: readonly [number, number];
  readonly samples: string;
  readonly levels: string;
}

const path = fileURLToPath(new URL('../../fixtures/processor/log-mel.json', import.meta.url));
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] };
const SECOND = { rate: 16_000, window: 400, hop: 160, length: 16_000 };

function samplesOf({ samples }: Case): Float32Array {
  const bytes = Buffer.from(samples, 'base64');
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32768);
}

test.each(cases)('$name: the levels of Transformers', (one) => {
  const {
    bands,
    levels,
    frames: [first, end],
  } = one;
  const ours = new LogMel({ ...SECOND, bands }).frames(samplesOf(one), 100);
  const theirs = Buffer.from(levels, 'base64');
  for (let band = 0; band < bands; band++) {
    for (let frame = first; frame < end; frame++) {
      const expected = theirs.readFloatLE(4 * (band * (end - first) + frame - first));
      expect(Math.abs(ours[band * 100 + frame] - expected)).toBeLessThanOrEqual(1e-4);
    }
  }
});

test('the first frames are the same without those behind the sound', () => {
  const [one] = cases;
  const mel = new LogMel({ ...SECOND, bands: one.bands });
  const [whole, few] = [mel.frames(samplesOf(one), 100), mel.frames(samplesOf(one), 32)];
  for (let band = 0; band < one.bands; band++)
    expect([...few.subarray(band * 32, band * 32 + 32)]).toEqual([
      ...whole.subarray(band * 100, band * 100 + 32),
    ]);
});
