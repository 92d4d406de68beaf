import { expect, test } from 'vitest';
import { asText, asTurns, drawShots } from '../../../core/eval/few-shot.js';
import { PythonRandom } from '../../../core/eval/python-random.js';

test("Python's random.Random(1234).sample", () => {
  const random = new PythonRandom(1234);
  // python3 -c "import random; r = random.Random(1234); print([r.sample(range(10), 3) for _ in range(3)], …)"
  expect([random.sample(10, 3), random.sample(10, 3), random.sample(10, 3)]).toEqual([
    [7, 1, 0],
    [1, 0, 9],
    [1, 5, 3],
  ]);
  expect(random.sample(7473, 5)).toEqual([142, 252, 6461, 129, 2835]);
  expect(random.sample(7473, 5)).toEqual([5311, 5105, 3966, 5044, 3797]);
  expect(random.sample(90, 25)).toEqual([
    ...[19, 11, 23, 14, 1, 64, 62, 31, 8, 69, 59, 81, 76, 88, 65, 74, 5, 34, 71, 78, 38, 61, 45, 72, 82],
  ]);
});

test('a question is none of its own examples, and has the same ones in any part of a run', () => {
  const all = drawShots({ questions: 9, pool: 9, shots: 3, isSame: true });
  for (const [own, shots] of all.entries()) {
    expect(new Set(shots).size).toBe(3);
    expect(shots).not.toContain(own);
  }
  expect(drawShots({ questions: 4, pool: 9, shots: 3, isSame: true })).toEqual(all.slice(0, 4));
});

test('more examples than there are', () => {
  expect(() => drawShots({ questions: 1, pool: 3, shots: 4, isSame: false })).toThrow(
    '--eval_few_shot: 4 examples are wanted, and there are 3',
  );
  expect(() => drawShots({ questions: 1, pool: 3, shots: 3, isSame: true })).toThrow('there are 2');
});

test('as a text and as turns', () => {
  const shots = [{ prompt: 'Q: one?\nA:', answer: '1' }];
  const question = { prompt: 'Q: two?\nA:', answer: '2' };
  expect(asText(shots, question)).toBe('Q: one?\nA: 1\n\nQ: two?\nA:');
  expect(asText([], question)).toBe(question.prompt);
  expect(asTurns(shots, question)).toEqual([
    { role: 'user', content: 'Q: one?\nA:' },
    { role: 'assistant', content: '1' },
    { role: 'user', content: 'Q: two?\nA:' },
  ]);
});
