import {
  argument,
  PROBLEM_TYPES,
  SwiftError,
  trainer,
  usualProblem,
  type Group,
  type Objective,
  type ObjectiveResult,
  type ProblemType,
  type ReadingName,
  type StandardRow,
  type TaskHeads,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { PROBLEMS } from './_classification.js';

const classificationArguments = {
  num_labels: argument.optionalInt({
    min: 1,
    help: 'classes, or numbers, that a conversation is scored with',
  }),
  problem_type: argument.optionalChoice(PROBLEM_TYPES, {
    help: 'what they are: classes of which one holds, classes of which any may, or numbers',
    derived: 'regression for one, single_label_classification for several',
  }),
} as const;

export type ClassificationOptions = ValuesOf<typeof classificationArguments>;

/** Classification of whole conversations, and regression: scores at the last token, held against the row's `label`. */
@trainer({
  id: 'seq_cls',
  command: 'sft',
  summary: 'classification of conversations, or numbers for them',
  arguments: classificationArguments,
})
export class ClassificationTrainer implements Trainer<ClassificationOptions> {
  readonly supervise = 'none';

  heads(options: ClassificationOptions): TaskHeads {
    const { labels, problem_type } = described(options);
    return { score: labels, problem_type };
  }

  objective(options: ClassificationOptions): Objective {
    return new Classification(described(options));
  }
}

interface Described {
  readonly labels: number;
  readonly problem_type: ProblemType;
}

function described({ num_labels: labels, problem_type }: ClassificationOptions): Described {
  if (labels === null) {
    throw new SwiftError('BAD_ARGUMENT', '--task_type seq_cls: --num_labels is missing', {
      cure: 'Say how many classes there are, or --num_labels 1 for a number.',
    });
  }
  if (problem_type === 'single_label_classification' && labels === 1) {
    throw new SwiftError('BAD_ARGUMENT', `--num_labels 1: of one class, one always holds`, {
      cure: 'Give --num_labels 2, or --problem_type regression or multi_label_classification.',
    });
  }
  return { labels, problem_type: problem_type ?? usualProblem(labels) };
}

class Classification implements Objective {
  readonly quantities: readonly TokenQuantity[] = [];
  readonly readings: readonly ReadingName[] = ['score'];
  readonly reference = false;
  readonly questions = true;

  constructor(private readonly described: Described) {}

  sequences(row: StandardRow): readonly [StandardRow] {
    const { labels, problem_type } = this.described;
    return [{ ...row, label: PROBLEMS[problem_type].label(row.label, labels) }];
  }

  loss(groups: readonly Group[]): ObjectiveResult {
    const problem = PROBLEMS[this.described.problem_type];
    const judged = groups.map(([{ readings, label }]) => problem.judge(readings!.score!, label!));
    const told = judged.flatMap(({ correct }) => (correct === undefined ? [] : [Number(correct)]));
    return {
      loss: judged.reduce((sum, { loss }) => sum + loss, 0),
      cotangents: groups.map(() => [new Float32Array()]),
      reading_cotangents: judged.map(({ slopes }) => [{ score: slopes }]),
      metrics: { acc: { sum: told.reduce((sum, one) => sum + one, 0), count: told.length } },
    };
  }
}
