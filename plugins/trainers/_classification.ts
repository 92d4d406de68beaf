/** Losses of classes and of numbers by a sequence's scores, as PyTorch has them, with their slopes. */
import { counted, SwiftError, type ProblemType, type RowLabel } from 'swift-ts/plugin';
import { logSigmoid, sigmoid } from './_numbers.js';

/** Of one sequence. */
export interface Judged {
  readonly loss: number;
  /** By each score. */
  readonly slopes: Float32Array;
  /** Whether what is predicted is what the label says; absent for numbers. */
  readonly correct?: boolean;
}

export interface Problem {
  /** The label in one form. @throws SwiftError BAD_ROW for one that this problem has not */
  label(said: RowLabel | undefined, labels: number): RowLabel;
  judge(scores: Float32Array, label: RowLabel): Judged;
}

/** Cross entropy over classes of which one holds. */
const singleLabel: Problem = {
  label(said, labels) {
    const label = Number(said);
    if (said === undefined || typeof said === 'object' || !isClass(label, labels))
      throw badLabel(said, `a class: a whole number from 0 to ${labels - 1}`);
    return label;
  },
  judge(scores, label) {
    const top = Math.max(...scores);
    const log = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0));
    const wanted = label as number;
    return {
      loss: log - scores[wanted],
      slopes: scores.map((score, i) => Math.exp(score - log) - (i === wanted ? 1 : 0)),
      correct: scores.indexOf(top) === wanted,
    };
  },
};

/** Binary cross entropy, the mean over classes of which any may hold; correct where all are predicted right. */
const multiLabel: Problem = {
  label(said, labels) {
    const classes = typeof said === 'object' ? said : [Number(said)];
    if (said === undefined || !classes.every((one) => isClass(one, labels)))
      throw badLabel(said, `a list of classes: whole numbers from 0 to ${labels - 1}`);
    return classes;
  },
  judge(scores, label) {
    const holds = Array.from(scores, (_, i) => (label as readonly number[]).includes(i));
    const losses = Array.from(scores, (score, i) => -logSigmoid(holds[i] ? score : -score));
    return {
      loss: losses.reduce((sum, one) => sum + one, 0) / scores.length,
      slopes: scores.map((score, i) => (sigmoid(score) - (holds[i] ? 1 : 0)) / scores.length),
      correct: holds.every((one, i) => scores[i] > 0 === one),
    };
  },
};

/** Squared error, the mean over the numbers. */
const regression: Problem = {
  label(said, labels) {
    const numbers = typeof said === 'object' ? said : [Number(said)];
    if (said === undefined || numbers.length !== labels || !numbers.every(Number.isFinite))
      throw badLabel(said, labels === 1 ? 'a number' : `a list of ${counted(labels, 'number')}`);
    return numbers;
  },
  judge(scores, label) {
    const wanted = label as readonly number[];
    const off = Array.from(scores, (score, i) => score - wanted[i]);
    return {
      loss: off.reduce((sum, one) => sum + one * one, 0) / scores.length,
      slopes: Float32Array.from(off, (one) => (2 * one) / scores.length),
    };
  },
};

export const PROBLEMS: Readonly<Record<ProblemType, Problem>> = {
  single_label_classification: singleLabel,
  multi_label_classification: multiLabel,
  regression,
};

const isClass = (label: number, labels: number): boolean =>
  Number.isInteger(label) && label >= 0 && label < labels;

function badLabel(said: RowLabel | undefined, expected: string): SwiftError {
  const what = said === undefined ? 'the row has no label' : `the row's label is ${JSON.stringify(said)}`;
  return new SwiftError('BAD_ROW', `${what}, expected ${expected}.`, {
    cure: 'Give the field label so; --num_labels and --problem_type say what labels are.',
  });
}
