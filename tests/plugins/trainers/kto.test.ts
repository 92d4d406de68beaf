import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSlopes, groupOf, labelled, objectiveOf, stepOf, type Answer } from './step.js';

const answer = (logp: number, reference: number, label: boolean): Answer => ({
  logp: [logp],
  reference: [reference],
  label,
});
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test.each([
  ['kto', { desirable_weight: 1.3, undesirable_weight: 0.7 }],
  ['apo_zero_unpaired', {}],
])(
  'the gradient of a step is the one of finite differences, the divergence held: %s',
  async (loss_type, options) => {
    const objective = await objectiveOf('kto', { loss_type, beta: 0.3, ...options });
    fc.assert(
      fc.property(labelled, fc.integer({ min: 0, max: 5 }), (rows, z) =>
        expectSlopes(
          objective,
          rows,
          rows.map(() => (loss_type === 'kto' ? [z] : [])),
        ),
      ),
      { numRuns: 40 },
    );
  },
);

test('by hand: λ_D·(1 − σ(β(l − z))) and λ_U·(1 − σ(β(z − l)))', async () => {
  const objective = await objectiveOf('kto', { beta: 0.5, desirable_weight: 2, undesirable_weight: 3 });
  const rows = [[answer(-1, -3, true)], [answer(-4, -2, false)]];
  const { loss, metrics } = stepOf(objective, rows, [[1], [1]]);
  expect(loss).toBeCloseTo(2 * (1 - sigmoid(0.5 * (2 - 1))) + 3 * (1 - sigmoid(0.5 * (1 + 2))), 10);
  expect(metrics).toMatchObject({
    kl: { sum: 2, count: 2 },
    'rewards/chosen': { sum: 1, count: 1 },
    'rewards/rejected': { sum: -1, count: 1 },
    'rewards/margins': { sum: 1, count: 1, less: { sum: -1, count: 1 } },
    'logps/rejected': { sum: -4, count: 1 },
  });
});

test('the divergence is the mean log-ratio of all mismatched sequences, at least 0', async () => {
  const { survey } = await objectiveOf('kto', {});
  expect(survey!.of).toBe('mismatched');
  const tell = (...answers: readonly Answer[]) => survey!.tell(answers.map((one) => groupOf([one])));
  expect(tell(answer(-1, -4, true), answer(-3, -2, false))).toEqual([[1], [1]]);
  expect(tell(answer(-4, -1, true), answer(-3, -2, false))).toEqual([[0], [0]]);
  expect((await objectiveOf('kto', { loss_type: 'apo_zero_unpaired' })).survey).toBeUndefined();
});

test('two answers of a row count as one row', async () => {
  const objective = await objectiveOf('kto', { beta: 0.5 });
  const [good, bad] = [answer(-1, -3, true), answer(-4, -2, false)];
  const { loss, cotangents } = stepOf(objective, [[good, bad]], [[1]]);
  const apart = stepOf(objective, [[good], [bad]], [[1], [1]]);
  expect(loss).toBeCloseTo(apart.loss / 2, 10);
  expect(cotangents[0][0][0]).toBeCloseTo(apart.cotangents[0][0][0] / 2, 7);
});

describe('rows', () => {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: 'c' },
    { role: 'assistant', content: 'd' },
  ] as const;

  test('with a label are one conversation, whose last answer is supervised', async () => {
    const [one, ...others] = (await objectiveOf('kto', {})).sequences({ messages, label: false });
    expect(others).toEqual([]);
    expect(one.label).toBe(false);
    expect(one.messages.map(({ loss }) => loss)).toEqual([undefined, false, undefined, undefined]);
  });

  test('with a better and a worse answer are two', async () => {
    const rows = (await objectiveOf('kto', {})).sequences({ messages, rejected_response: 'e' });
    expect(rows.map(({ label }) => label)).toEqual([true, false]);
    expect(rows.map((row) => row.messages.at(-1)!.content)).toEqual(['d', 'e']);
    expect(rows.some((row) => 'rejected_response' in row)).toBe(false);
  });

  test.each([
    [{ messages }, /does not say whether its answer is a good one/],
    [{ messages, label: true, rejected_response: 'e' }, /a label and a worse answer/],
    [{ messages: messages.slice(0, 1), label: true }, /does not end with an answer/],
  ])('that say neither, or both, are refused', async (row, message) => {
    const { sequences } = await objectiveOf('kto', {});
    expect(() => sequences(row)).toThrow(
      expect.objectContaining({ code: 'BAD_ROW', message: expect.stringMatching(message) as string }),
    );
  });
});

test('weights that leave nothing to learn are refused', async () => {
  await expect(objectiveOf('kto', { desirable_weight: 0, undesirable_weight: 0 })).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
  });
});
