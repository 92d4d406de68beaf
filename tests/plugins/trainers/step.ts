/** Steps of an objective on made-up log-probabilities, and what finite differences say of its gradients. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import type { Group, Objective, Sequence, Told } from '../../../core/contracts/trainer.js';
import { optimizedBy } from '../../../core/train/optimized.js';
import { plugins } from '../../../parity/cases.js';

/** Log-probabilities of an answer's tokens, and what the reference says of them. */
export interface Answer {
  readonly logp: readonly number[];
  readonly reference: readonly number[];
  readonly label?: boolean;
}

const services = plugins();

export async function objectiveOf(trainer: string, options: object): Promise<Objective> {
  const { instance, meta } = await services.resolve('trainer', trainer);
  return optimizedBy(instance, pluginOptions(meta, options)).objective!;
}

export function groupOf(answers: readonly Answer[]): Group {
  return answers.map(({ logp, reference, label }): Sequence => {
    const values = Float32Array.from(logp);
    return {
      values: { logp: values, entropy: values, mean_logit: values, correct: values },
      reference_logp: Float32Array.from(reference),
      label,
    };
  });
}

/** @param told instead of what a survey of the rows tells */
export function stepOf(objective: Objective, rows: readonly (readonly Answer[])[], told?: readonly Told[]) {
  const groups = rows.map(groupOf);
  const tokens = groups.flat().reduce((sum, { values }) => sum + values.logp.length, 0);
  const step = { groups: groups.length, sequences: groups.flat().length, tokens };
  return objective.loss(groups, told ?? objective.survey?.tell(groups) ?? groups.map(() => []), step);
}

/** Sixty-fourths are exact in float32, and so are differences of them. */
const logp = fc.integer({ min: -256, max: -1 }).map((value) => value / 64);

const answer = fc.array(fc.tuple(logp, logp), { minLength: 1, maxLength: 4 }).map((tokens): Answer => ({
  logp: tokens.map(([own]) => own),
  reference: tokens.map(([, other]) => other),
}));

/** A step of pairs. */
export const pairs = fc.array(fc.tuple(answer, answer), { minLength: 1, maxLength: 4 });

/** A step of labelled answers. */
export const labelled = fc.array(
  fc.tuple(answer, fc.boolean()).map(([one, label]): [Answer] => [{ ...one, label }]),
  { minLength: 1, maxLength: 5 },
);

const MOVE = 1 / 256;

/**
 * Every cotangent of a step is the slope of its whole loss, as differences of the loss on both sides have it.
 * @param told as of `stepOf`
 */
export function expectSlopes(
  objective: Objective,
  rows: readonly (readonly Answer[])[],
  told?: readonly Told[],
): void {
  const { cotangents } = stepOf(objective, rows, told);
  const lossWith = (at: readonly [number, number, number], by: number): number => {
    const moved = rows.map((row, r) =>
      row.map((one, a) => ({
        ...one,
        logp: one.logp.map((value, t) => (r === at[0] && a === at[1] && t === at[2] ? value + by : value)),
      })),
    );
    return stepOf(objective, moved, told).loss;
  };
  rows.forEach((row, r) =>
    row.forEach(({ logp: tokens }, a) =>
      tokens.forEach((_, t) => {
        const slope = (lossWith([r, a, t], MOVE) - lossWith([r, a, t], -MOVE)) / (2 * MOVE);
        const own = cotangents[r][a][t];
        expect(Math.abs(own - slope), `row ${r}, answer ${a}, token ${t}: ${own} for ${slope}`).toBeLessThan(
          2e-3 * Math.max(1, Math.abs(slope)),
        );
      }),
    ),
  );
}
