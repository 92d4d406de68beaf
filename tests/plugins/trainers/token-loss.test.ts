import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSlopes, groupOf, objectiveOf, stepOf, type Answer } from './step.js';

const answer = (...probabilities: readonly number[]): Answer => ({
  logp: probabilities.map(Math.log),
  reference: [],
});

const rows = fc.array(
  fc
    .array(fc.integer({ min: -256, max: -1 }), { minLength: 1, maxLength: 4 })
    .map((sixtyFourths): [Answer] => [{ logp: sixtyFourths.map((value) => value / 64), reference: [] }]),
  { minLength: 1, maxLength: 4 },
);

describe('dynamic fine-tuning', () => {
  test('by hand: probabilities 1/2, 1/4 and 1/2 in two answers', async () => {
    const step = stepOf(await objectiveOf('sft', { enable_dft_loss: true }), [
      [answer(0.5, 0.25)],
      [answer(0.5)],
    ]);
    // The loss is a sum over two answers, of which the step takes the mean: over three tokens.
    expect(step.loss / 2).toBeCloseTo((0.5 * Math.log(2) + 0.25 * Math.log(4) + 0.5 * Math.log(2)) / 3, 6);
    const slopes = step.cotangents.flatMap(([own]) => [...own]);
    [-0.5, -0.25, -0.5].forEach((slope, i) => expect(slopes[i]).toBeCloseTo((2 / 3) * slope, 6));
  });

  test('has the gradient of minus the mean probability', async () => {
    const objective = await objectiveOf('sft', { enable_dft_loss: true });
    fc.assert(
      fc.property(rows, (step) => {
        const tokens = step.flat().flatMap(({ logp }) => logp);
        const slopes = stepOf(objective, step).cotangents.flatMap(([own]) => [...own]);
        const h = 1 / 256;
        tokens.forEach((logp, t) => {
          const slope = -(Math.exp(logp + h) - Math.exp(logp - h)) / (2 * h);
          expect(slopes[t]).toBeCloseTo((step.length / tokens.length) * slope, 4);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('losses of channels', () => {
  test('beside them the loss is cross entropy, whose slopes are those of finite differences', async () => {
    const objective = await objectiveOf('sft', { enable_channel_loss: true });
    fc.assert(
      fc.property(rows, (step) => expectSlopes(objective, step)),
      { numRuns: 40 },
    );
    expect(stepOf(objective, [[answer(0.5, 0.25)]]).loss).toBeCloseTo((3 * Math.log(2)) / 2, 6);
  });

  test('are means over the tokens of a channel; rows without one are None', async () => {
    const objective = await objectiveOf('sft', { enable_channel_loss: true });
    const of = (channel: string | undefined, one: Answer) =>
      groupOf([one]).map((own) => ({ ...own, channel }));
    const groups = [
      of('code', answer(0.5, 0.5)),
      of('talk', answer(0.25)),
      of('code', answer(0.25)),
      of(undefined, answer(0.5)),
    ];
    const { metrics } = objective.loss(groups, [], { groups: 4, sequences: 4, tokens: 5 });
    expect(metrics.loss_code.count).toBe(3);
    expect(metrics.loss_code.sum).toBeCloseTo(4 * Math.log(2), 6);
    expect(metrics.loss_talk.sum).toBeCloseTo(2 * Math.log(2), 6);
    expect(metrics.loss_None.sum).toBeCloseTo(Math.log(2), 6);
  });
});

test('plain fine-tuning keeps its cross entropy', async () => {
  expect(await objectiveOf('sft', {})).toBeUndefined();
});
