/** What evaluators share: reading rows, and judging choices by their log-likelihood. */
import type { ChoiceQuestion, Judgement } from '../contracts/evaluator.js';
import type { RawRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** A text of a row. @throws SwiftError BAD_ROW */
export function rowText(row: RawRow, field: string): string {
  const value = row[field];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw badQuestion(
    `field '${field}' is ${value === undefined ? 'missing' : JSON.stringify(value)}`,
    'a text',
  );
}

/** What a row of another shape says: the fault, and what was expected there. */
export function badQuestion(fault: string, expected: string): SwiftError {
  return new SwiftError('BAD_ROW', `${fault}, expected ${expected}`);
}

/**
 * acc: the likeliest choice is right. acc_norm: so is the likeliest by log-likelihood over characters (code points, the
 * blank before a choice not counted). Of equals the first counts. As lm-evaluation-harness, `multiple_choice`.
 */
export function judgeChoices(
  { choices, correct }: ChoiceQuestion,
  logLikelihoods: readonly number[],
): Judgement {
  const perCharacter = logLikelihoods.map((logp, i) => logp / [...choices[i]].length);
  const isRight = (values: readonly number[]): number => Number(likeliest(values) === correct);
  return { metrics: { acc: isRight(logLikelihoods), acc_norm: isRight(perCharacter) } };
}

const likeliest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
