import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NLG_METRICS, nlgScores, nlgTokens, type TextPair } from '../../../core/eval/nlg.js';

type Scores = Record<(typeof NLG_METRICS)[number], number>;

const { cases, means } = JSON.parse(
  readFileSync(new URL('../../fixtures/nlg.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly tokens: string;
    readonly pairs: readonly (TextPair & { scores: Scores })[];
  }[];
  readonly means: Scores;
};

function expectNear(scores: Scores | undefined, expected: Scores): void {
  // SWIFT's F1 divides by a little more, P + R + 1e-8, and rounds.
  for (const name of NLG_METRICS) expect(scores![name]).toBeCloseTo(expected[name], 4);
}

describe("ms-swift's metric nlg", () => {
  for (const { tokens, pairs } of cases)
    test.each(pairs)(`of '$candidate' and '$reference', cut by ${tokens}`, ({ scores, ...pair }) =>
      expectNear(nlgScores([pair]), scores),
    );

  test('of all', () => expectNear(nlgScores(cases.flatMap(({ pairs }) => pairs)), means));
});

test('by hand: 2 of 3 tokens, and 1 of 2 pairs', () => {
  const { 'bleu-4': bleu, ...rouge } = nlgScores([{ candidate: 'a b c', reference: 'a b d' }])!;
  expect(rouge['rouge-1']).toBeCloseTo(200 / 3, 10);
  expect(rouge['rouge-2']).toBe(50);
  expect(rouge['rouge-l']).toBeCloseTo(200 / 3, 10);
  // Precisions 2/3, 1/2; nothing of 1 trigram counts 1/2, nothing of no run of four 1/4.
  expect(bleu).toBeCloseTo(100 * ((2 / 3) * (1 / 2) * (1 / 2) * (1 / 4)) ** (1 / 4), 10);
});

test('tokens, and pairs without any', () => {
  expect(nlgTokens('He paid 3.5 €, 我很好.')).toEqual(['He', 'paid', '3.5', '€', ',', '我', '很', '好', '.']);
  expect(nlgScores([{ candidate: 'a', reference: ' ' }])).toBeUndefined();
  expect(nlgScores([{ candidate: ' ', reference: 'a' }])).toEqual({
    ...{ 'rouge-1': 0, 'rouge-2': 0, 'rouge-l': 0, 'bleu-4': 0 },
  });
});
