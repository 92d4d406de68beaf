import { expect, test } from 'vitest';
import { chosenAnswers } from '../../../core/sdk/sample-choice.js';

const CHOICE = { n_best_to_keep: 2, prm_threshold: 0, easy_query_threshold: null };

const answers = (...rewards: readonly number[]) =>
  rewards.map((reward, i) => ({ text: String.fromCharCode(97 + i), reward }));

const texts = ({ kept, rejected }: ReturnType<typeof chosenAnswers>) => [
  kept.map(({ text }) => text).join(''),
  rejected?.text,
];

test.each([
  ['the best two and the worst', answers(1, 3, -1, 2), {}, ['bd', 'c']],
  ['none at the threshold', answers(1, 3, -1, 2), { prm_threshold: 2 }, ['b', 'c']],
  ['none above it', answers(-1, 0), {}, ['', undefined]],
  ['all alike, of which none is worse', answers(1, 1, 1), {}, ['ab', undefined]],
  ['not the worst one, though it is above', answers(1, 2), {}, ['b', 'a']],
  ['none of a row that is too easy', answers(1, 1, 1, -1), { easy_query_threshold: 0.75 }, ['', undefined]],
  ['those of one that is not', answers(1, 1, -1, -1), { easy_query_threshold: 0.75 }, ['ab', 'c']],
  ['none of which nothing is said', answers(NaN, 1, -1), {}, ['b', 'c']],
  ['nothing where nothing is said of any', answers(NaN, NaN), {}, ['', undefined]],
])('keeps %s', (_, all, choice, expected) => {
  expect(texts(chosenAnswers(all, { ...CHOICE, ...choice }))).toEqual(expected);
});

test('keeps a text once', () => {
  const all = [...answers(2, 1), { text: 'a', reward: 2 }, { text: 'z', reward: -1 }];
  expect(texts(chosenAnswers(all, CHOICE))).toEqual(['ab', 'z']);
});
