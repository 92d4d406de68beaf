import { describe, expect, test } from 'vitest';
import type { Group, Objective, ObjectiveResult, Sequence } from '../../../core/contracts/trainer.js';
import { checkedObjective } from '../../../core/train/checked-objective.js';

const sequence = (tokens: number): Sequence => {
  const logp = new Float32Array(tokens);
  return { values: { logp, entropy: logp, mean_logit: logp, correct: logp }, reference_logp: logp };
};
const groups: readonly Group[] = [
  [sequence(2), sequence(3)],
  [sequence(1), sequence(4)],
];
const right = (): ObjectiveResult => ({
  loss: 1,
  cotangents: groups.map((group) => group.map(({ values }) => values.logp.slice())),
  metrics: { mine: { sum: 1, count: 2 } },
});
const objective = (changes: object): Objective => ({
  quantities: ['entropy'],
  reference: false,
  sequences: (row) => [row],
  loss: right,
  ...changes,
});
const step = { groups: 2, sequences: 1, tokens: 10 };
const checked = (changes: object): Objective => checkedObjective(objective(changes), 'mine');
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_PLUGIN', message: expect.stringMatching(message) });

test('what is right passes as it is', () => {
  const row = { messages: [] };
  const made = checked({});
  expect(made.loss(groups, [], step)).toEqual(right());
  expect(made.sequences(row)).toEqual([row]);
  expect(made).toMatchObject({ quantities: ['entropy'], reference: false });
});

describe('a loss is refused, with the trainer and the place, where', () => {
  test.each<[string, unknown, RegExp]>([
    ['it is nothing', undefined, /trainer 'mine'.*no number 'loss'/],
    ['it is a promise', Promise.resolve(right()), /is a promise/],
    ['it has no cotangents', { ...right(), cotangents: undefined }, /cotangents for no of 2 groups/],
    ['a group is missing', { ...right(), cotangents: right().cotangents.slice(1) }, /for 1 of 2 groups/],
    [
      'a sequence is missing',
      { ...right(), cotangents: right().cotangents.map(([first]) => [first]) },
      /returns 1 cotangent arrays for the 2 sequences of group 0/,
    ],
    [
      'a token is missing',
      { ...right(), cotangents: right().cotangents.map((own) => own.map((values) => values.slice(1))) },
      /1 values for the 2 tokens of sequence 0 in group 0/,
    ],
    [
      'values are a plain list',
      { ...right(), cotangents: right().cotangents.map((own) => own.map((values) => [...values])) },
      /no Float32Array/,
    ],
    [
      'a metric has the name of another',
      { ...right(), metrics: { loss: { sum: 1, count: 1 } } },
      /metric 'loss'/,
    ],
    ['a metric is a number', { ...right(), metrics: { x: 5 } }, /'x' without sum and count/],
    ['there are no metrics', { ...right(), metrics: undefined }, /no metrics/],
  ])('%s', (_, result, message) => {
    expect(() => checked({ loss: () => result }).loss(groups, [], step)).toThrow(refused(message));
  });
});

test.each<[object, RegExp]>([
  [{ quantities: ['logits'] }, /asks for 'logits'/],
  [{ quantities: undefined }, /asks for 'undefined'/],
  [{ loss: undefined }, /no 'loss'/],
  [{ sequences: 5 }, /no 'sequences'/],
])('an objective with %o is none', (changes, message) => {
  expect(() => checked(changes)).toThrow(refused(message));
});

test.each([[[]], ['text'], [[{}]], [undefined]])('rows of a row are not %j', (rows) => {
  expect(() => checked({ sequences: () => rows }).sequences({ messages: [] })).toThrow(
    refused(/no list of rows/),
  );
});
