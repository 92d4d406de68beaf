import { expect, test } from 'vitest';
import type { MediaSpan, SampleMedia } from '../../../core/contracts/processor.js';
import { collate } from '../../../core/data/collate.js';
import type { CausalLM, MediaTower } from '../../../core/nn/index.js';
import { crossIndex, crossInputs, crossPositions } from '../../../core/runtime/cross-inputs.js';
import { GenerateEngine } from '../../../core/runtime/generate-engine.js';
import { seen } from '../../../core/runtime/media-inputs.js';
import type { Slot } from '../../../core/runtime/slot.js';
import { backendOf } from '../../../parity/cases.js';
import { logitsOf } from '../../../parity/compute.js';
import { largestDifference } from '../../../parity/measure.js';
import { loadMultimodal } from '../../../parity/multimodal-case.js';

/** Two rows a picture, of which as many hold some of it as its grid says. */
const TOWER = {
  crossed: ([held]: readonly number[]) => ({ rows: 2, held }),
} as unknown as MediaTower;

const picture = (start: number, held = 2): MediaSpan => ({ start, length: 1, grid: [held] });

function maskOf(spans: readonly MediaSpan[], count: number, keys: number, seenFrom?: number) {
  const samples = [{ at: 0, position: 0, count, spans, first: 0 }];
  const { mask, attends, feeds } = crossInputs([1, count, keys], samples, TOWER, seenFrom);
  const data = mask.data as Float32Array;
  const rows = Array.from({ length: count }, (_, query) =>
    [...data.subarray(query * keys, (query + 1) * keys)].map((value) => (value === 0 ? 1 : 0)).join(''),
  );
  return { rows, attends: [...attends.data], feeds: [...feeds.data] };
}

test('a token sees the last picture before it; one before all pictures attends to all, padding too', () => {
  const { rows, attends, feeds } = maskOf([picture(1, 1), picture(3)], 5, 4);
  expect(rows).toEqual(['1111', '1000', '1000', '0011', '0011']);
  expect(attends).toEqual([1, 1, 1, 1, 1]);
  expect(feeds).toEqual([0, 1, 1, 1, 1]);
});

test('pictures one behind the other are seen together', () => {
  const { rows } = maskOf([picture(0), picture(1), picture(4)], 5, 6);
  expect(rows).toEqual(['110000', '111100', '111100', '111100', '000011']);
});

test('a sample without pictures attends to none', () => {
  const { attends, feeds } = maskOf([], 2, 2);
  expect([attends, feeds]).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test('or a token sees all pictures before it, and each of their tokens stands for as many rows', () => {
  const spans = [{ start: 1, length: 2, grid: [2] }, picture(4)];
  const behind = maskOf(spans, 6, 7, 1);
  expect(behind.rows).toEqual(['0000000', '0000000', '1100000', '1111000', '1111000', '1111110']);
  expect(behind.feeds).toEqual([0, 0, 1, 1, 1, 1]);
  expect(maskOf(spans, 3, 6, 0).rows).toEqual(['000000', '110000', '111100']);
  const { data } = crossPositions([[spans], [[], [picture(0)]]], 7, TOWER, { seenFrom: 1, last: 4 });
  expect([...data]).toEqual([2, 2, 3, 3, 4, 4, 0, 1, 1, 0, 0, 0, 0, 0]);
});

test('rows find their features among all', () => {
  expect([...crossIndex([2, 0, 3], 3).data]).toEqual([0, 1, 0, 0, 0, 0, 2, 3, 4]);
});

interface Asked {
  readonly ids: readonly number[];
  readonly media?: SampleMedia;
}

/** What follows a prompt that is read as a whole. */
async function wholeLogits(model: CausalLM, { ids, media }: Asked): Promise<Float32Array> {
  const sample = { input_ids: [...ids], labels: ids.map(() => -100), media };
  const batch = collate([[sample]], { seq: ids.length, pad_token_id: 0 });
  const all = await logitsOf(model, await backendOf('onnxruntime'), await seen(batch, model));
  return all.subarray((ids.length - 1) * model.shape.vocab_size);
}

const FAMILIES = ['llama3_2_vision', 'mplug_owl3', 'mplug_owl3_241101'];

test.each(FAMILIES)('%s: conversations with other numbers of pictures come and go', async (id) => {
  const { model, samples, oracle } = await loadMultimodal(id);
  const engine = new GenerateEngine(await backendOf('onnxruntime'), model);
  const check = async (slot: Slot, logits: Float32Array): Promise<void> =>
    expect(largestDifference(logits, await wholeLogits(model, slot))).toBeLessThan(1e-4);
  const slots: Slot[] = [];
  // Without a picture, then with one, then with two.
  for (const i of [1, 2, 0]) {
    const { input_ids, media } = samples[i];
    const ids = input_ids.slice(0, oracle.samples[i].prompt);
    const [{ slot, logits }] = await engine.admit([{ ids, media }]);
    await check(slot, logits);
    slots.push(slot);
    const step = await engine.step(new Map(slots.map((one, at) => [one, 20 + at])));
    for (const [one, own] of step) await check(one, own);
  }
  engine.free(slots[2]);
  const step = await engine.step(new Map([slots[0], slots[1]].map((one) => [one, 30])));
  for (const [one, own] of step) await check(one, own);
  await engine.release();
});

test.each(FAMILIES)('%s: a prompt with pictures is read in pieces', async (id) => {
  const { model, samples } = await loadMultimodal(id);
  const [{ input_ids, media }] = samples;
  const ahead = Array.from({ length: 505 }, (_, i) => 8 + ((i * 7) % 80));
  const spans = media!.spans.map((span) => ({ ...span, start: span.start + ahead.length }));
  const asked = { ids: [...ahead, ...input_ids], media: { ...media!, spans } };
  const engine = new GenerateEngine(await backendOf('onnxruntime'), model);
  const [{ logits }] = await engine.admit([asked]);
  await engine.release();
  expect(largestDifference(logits, await wholeLogits(model, asked))).toBeLessThan(1e-4);
});
