import { describe, expect, test } from 'vitest';
import type { SampleMedia } from '../../../core/contracts/processor.js';
import { collate } from '../../../core/data/collate.js';
import { Decoder, type DecoderTraits } from '../../../core/nn/index.js';
import { openMask } from '../../../core/runtime/attention-mask.js';
import { OpenRuns, openQueries, pieceEnd } from '../../../core/runtime/both-ways.js';
import { seen } from '../../../core/runtime/media-inputs.js';
import { backendOf } from '../../../parity/cases.js';
import { logitsOf } from '../../../parity/compute.js';
import { largestDifference } from '../../../parity/measure.js';
import { loadMultimodal } from '../../../parity/multimodal-case.js';
import { Together } from '../../../parity/together.js';

type Placed = readonly [start: number, length: number];

const mediaAt = (spans: readonly Placed[]): SampleMedia => ({
  spans: spans.map(([start, length]) => ({ start, length, grid: [1] })),
  digest: '',
  files: [],
  load: () => Promise.resolve([]),
});
const media = (...spans: readonly Placed[]) => new OpenRuns('media', { prompt: 99, media: mediaAt(spans) });
const prefix = (prompt: number) => new OpenRuns('prefix', { prompt });

describe('what a position sees', () => {
  test('a prefix sees all of itself, whatever the window; what follows is causal within it', () => {
    const runs = prefix(4);
    expect([0, 3, 4, 6].map((at) => runs.seenFrom(at, 2))).toEqual([
      [0, 4],
      [0, 4],
      [3, 5],
      [5, 7],
    ]);
  });

  test('the features of a medium see its last one, and back as far as the window', () => {
    const runs = media([2, 3]);
    expect([1, 2, 4, 5].map((at) => runs.seenFrom(at, 2))).toEqual([
      [0, 2],
      [1, 5],
      [3, 5],
      [4, 6],
    ]);
  });

  test('media with nothing between are one, as in Transformers', () => {
    const runs = media([2, 3], [5, 2], [8, 2]);
    expect(runs.seenFrom(2, 99)).toEqual([0, 7]);
    expect(runs.seenFrom(8, 99)).toEqual([0, 10]);
  });

  test('samples of a packed row see only themselves', () => {
    const sample = { input_ids: [5, 6, 7], labels: [-100, -100, 7] };
    const batch = collate([[sample, sample]], { seq: 7, pad_token_id: 0 });
    const { data } = openMask([1, 7, 7], openQueries(batch, 'prefix'));
    const rows = Array.from({ length: 7 }, (_, q) =>
      [...data.subarray(q * 7, q * 7 + 7)].map((value) => (value === 0 ? 1 : 0)).join(''),
    );
    const wanted = ['1100000', '1100000', '1110000', '0001100', '0001100', '0001110', '1000000'];
    expect(rows).toEqual(wanted);
  });

  test('without a label all is asked', () => {
    const sample = { input_ids: [5, 6, 7], labels: [-100, -100, -100] };
    const batch = collate([[sample]], { seq: 3, pad_token_id: 0 });
    const [queries] = openQueries(batch, 'prefix');
    expect(queries.runs.seenFrom(0, 99)).toEqual([0, 3]);
  });
});

describe('pieces of prompts', () => {
  const sizes = { piece: 512, step: 32, total: 2048 };

  test('end as late as they may where no run is cut', () => {
    expect(pieceEnd(0, sizes, [])).toBe(512);
    expect(pieceEnd(1536, { ...sizes, total: 1600 }, [])).toBe(1600);
    expect(pieceEnd(0, sizes, [media([500, 100])])).toBe(480);
    expect(pieceEnd(0, sizes, [media([500, 100]), media([470, 20])])).toBe(448);
  });

  test('are longer where a run is', () => {
    expect(pieceEnd(0, sizes, [prefix(700)])).toBe(704);
    expect(pieceEnd(0, sizes, [prefix(2047)])).toBe(2048);
    expect(pieceEnd(480, sizes, [media([470, 600])])).toBe(1088);
  });
});

test.each(['paligemma', 'paligemma2', 'gemma3_vision'])(
  '%s: a prompt read in pieces is the prompt read as a whole',
  async (id) => {
    const backend = await backendOf('onnxruntime');
    const { model, samples } = await loadMultimodal(id);
    const [{ input_ids, media: own }] = samples;
    // A picture lies across the end of the first piece.
    const ahead = 512 - own!.spans[0].start - 8;
    const words = (count: number) => Array.from({ length: count }, (_, i) => 8 + ((i * 7) % 80));
    const long = [...words(ahead), ...input_ids, ...words(40)];
    const moved = {
      ...own!,
      spans: own!.spans.map((span) => ({ ...span, start: span.start + ahead })),
    };
    const short = words(20);
    const prompts = [
      { input_ids: long, labels: long.map(() => -100), media: moved },
      { input_ids: short, labels: short.map(() => -100) },
    ];
    const batch = collate(
      prompts.map((prompt) => [prompt]),
      { seq: long.length, pad_token_id: 0 },
    );
    const { vocab_size: vocab } = model.shape;
    const whole = await logitsOf(model, backend, await seen(batch, model));
    const engine = new Together(backend, model);
    const read = await engine.start(
      prompts.map((prompt) => prompt.input_ids),
      1,
      [],
      prompts.map((prompt) => ('media' in prompt ? prompt.media : undefined)),
    );
    await engine.release();
    prompts.forEach(({ input_ids: ids }, row) => {
      const last = (row * long.length + ids.length - 1) * vocab;
      const wanted = whole.subarray(last, last + vocab);
      expect(largestDifference(read.subarray(row * vocab, (row + 1) * vocab), wanted)).toBeLessThan(2e-4);
    });
  },
);

test('attention that cannot see both ways is refused', async () => {
  const { model } = await loadMultimodal('paligemma');
  const traits = model.shape as DecoderTraits;
  expect(() => new Decoder({ ...traits, sparse: () => [1, 1, 1] })).toThrow(/both ways/);
});
