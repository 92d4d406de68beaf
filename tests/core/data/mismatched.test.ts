import { expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { mismatched } from '../../../core/data/mismatched.js';

const sample = (prompt: readonly number[], answer: readonly number[]): Sample => ({
  input_ids: [...prompt, ...answer],
  labels: [...prompt.map(() => -100), ...answer],
  label: true,
});
const seen = (samples: readonly Sample[]) =>
  samples.map(({ input_ids, labels }) => ({ input_ids: [...input_ids], labels: [...labels] }));

const three = [sample([1, 2], [11]), sample([3], [12, 13, 14]), sample([4, 5, 6], [15, 16])];

test('each prompt gets the answer of the sample before it, the first that of the last', () => {
  expect(seen(mismatched(three, 10))).toEqual([
    { input_ids: [1, 2, 15, 16], labels: [-100, -100, 15, 16] },
    { input_ids: [3, 11], labels: [-100, 11] },
    { input_ids: [4, 5, 6, 12, 13, 14], labels: [-100, -100, -100, 12, 13, 14] },
  ]);
});

test('an answer that does not fit is cut at its end', () => {
  expect(mismatched(three, 5).map(({ input_ids }) => [...input_ids])).toEqual([
    [1, 2, 15, 16],
    [3, 11],
    [4, 5, 6, 12, 13],
  ]);
});

test('a sample alone keeps its own answer', () => {
  expect(seen(mismatched(three.slice(1, 2), 10))).toEqual([
    { input_ids: [3, 12, 13, 14], labels: [-100, 12, 13, 14] },
  ]);
});

test('of several sequences each gets one of its place; pictures are those of the prompt', () => {
  const media = { digest: 'm' } as unknown as Sample['media'];
  const pair = { ...three[0], media, partners: [sample([1, 2], [17])] };
  const [first, second] = mismatched([pair, three[1]], 10);
  expect([first, ...first.partners!].map(({ input_ids }) => [...input_ids])).toEqual([
    [1, 2, 12, 13, 14],
    [1, 2, 12, 13, 14],
  ]);
  expect(first.media).toBe(media);
  expect([...second.input_ids]).toEqual([3, 11]);
  expect(second.partners).toBeUndefined();
});

test('a later turn that is not supervised stays in the answer, and no label is made of it', () => {
  const later: Sample = { input_ids: [1, 20, 21, 22], labels: [-100, 20, -100, 22] };
  const [, second] = mismatched([later, three[1]], 10);
  expect(seen([second])).toEqual([{ input_ids: [3, 20, 21, 22], labels: [-100, 20, -100, 22] }]);
});
