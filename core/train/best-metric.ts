/** By what the checkpoints of a run are compared. */
import { didYouMean, SwiftError } from '../errors.js';
import type { EvaluationReport } from './observer.js';
import type { TrainOptions } from './options.js';

export type BestMetric = Pick<TrainOptions, 'metric_for_best_model' | 'greater_is_better'>;

/** Measures of an evaluation by their names, as `logging.jsonl` has them behind `eval_`. */
export function measuresOf({
  loss,
  accuracy,
  metrics,
}: Pick<EvaluationReport, 'loss' | 'accuracy' | 'metrics'>): ReadonlyMap<string, number> {
  const measures = new Map([['loss', loss]]);
  if (accuracy !== undefined) measures.set('acc', accuracy);
  for (const [name, value] of Object.entries(metrics)) measures.set(name, value);
  return measures;
}

/** @throws SwiftError BAD_ARGUMENT for a metric that evaluations of this run do not have */
export function checkBestMetric(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--metric_for_best_model ${name}: no evaluation of this run has such a metric`,
    { cure: [...didYouMean(name, known), `It has ${known.join(', ')}.`] },
  );
}

export function isBetter(
  value: number,
  best: number | undefined,
  { greater_is_better }: BestMetric,
): boolean {
  if (best === undefined) return true;
  return greater_is_better ? value > best : value < best;
}

/** A name with or without `eval_` in front, and which way it is better where that is not said: greater, but for losses. */
export function bestMetric(name: string, greater: boolean | null): BestMetric {
  const metric = name.replace(/^eval_/, '');
  return { metric_for_best_model: metric, greater_is_better: greater ?? !metric.includes('loss') };
}
