/** What an evaluation comes to: means with their standard errors, by set and over all sets of an evaluator. */
import type { EvaluatedItem } from './run-set.js';

export interface Mean {
  readonly value: number;
  /** √(sample variance / n), as lm-evaluation-harness; null of a single question. */
  readonly stderr: number | null;
}

/** Of one set, or of all sets of an evaluator, each question counting once. */
export interface SetReport {
  /** The set's id; the evaluator's where it is of all its sets. */
  readonly dataset: string;
  /** Questions that were answered, and that were to be asked. */
  readonly n: number;
  readonly total: number;
  readonly few_shot: number;
  readonly metrics: Readonly<Record<string, Mean>>;
  /** Answers that ended since their tokens were used up. */
  readonly unfinished: number;
  /** Prompts that were too long, and lost their left end. */
  readonly cut: number;
}

/** Adds up items as they come: the items themselves lie in a file. */
export class SetTally {
  private readonly values = new Map<string, number[]>();
  private n = 0;
  private unfinished = 0;
  private cut = 0;

  constructor(
    private readonly dataset: string,
    private readonly few_shot: number,
    private total: number,
  ) {}

  add({ metrics, finish_reason, cut }: EvaluatedItem): void {
    this.n++;
    if (finish_reason === 'length') this.unfinished++;
    if (cut !== undefined) this.cut++;
    for (const [name, value] of Object.entries(metrics)) {
      const values = this.values.get(name) ?? [];
      this.values.set(name, values);
      values.push(value);
    }
  }

  /** Takes the questions of another one in. */
  include(other: SetTally): void {
    this.n += other.n;
    this.total += other.total;
    this.unfinished += other.unfinished;
    this.cut += other.cut;
    for (const [name, values] of other.values)
      this.values.set(name, [...(this.values.get(name) ?? []), ...values]);
  }

  report(): SetReport {
    const { dataset, n, total, few_shot, unfinished, cut } = this;
    const metrics = Object.fromEntries([...this.values].map(([name, values]) => [name, mean(values)]));
    return { dataset, n, total, few_shot, metrics, unfinished, cut };
  }
}

function mean(values: readonly number[]): Mean {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, stderr: n < 2 ? null : Math.sqrt(squares / (n - 1) / n) };
}

/** Headings, then a row for each metric. */
export function reportRows(reports: readonly SetReport[]): readonly (readonly string[])[] {
  const head = ['dataset', 'metric', 'value', 'stderr', 'few_shot', 'questions', 'unfinished', 'cut'];
  const rows = reports.flatMap(({ dataset, n, total, few_shot, metrics, unfinished, cut }) => {
    const facts = [few_shot, n === total ? n : `${n} of ${total}`, unfinished, cut].map(String);
    return Object.entries(metrics).map(([name, { value, stderr }]) => [
      ...[dataset, name, value.toFixed(4), stderr === null ? '-' : stderr.toFixed(4)],
      ...facts,
    ]);
  });
  return [head, ...rows];
}
