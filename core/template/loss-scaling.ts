/** Answers cut into stretches that weigh differently in the loss. */
import type { Message } from '../contracts/row.js';
import type { LossScale, LossScaleRules, LossScaling } from '../contracts/loss-scale.js';

/** A half-open stretch of a text, in UTF-16 units, and what its tokens weigh. */
export interface WeightedStretch {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

/** An answer in a rendered conversation. `end` is the end of its text: the stop behind it weighs 1. */
export interface ScaledAnswer {
  readonly start: number;
  readonly end: number;
  /** What it answers. */
  readonly query: string;
  /** What its message says of itself. */
  readonly loss?: boolean;
  readonly loss_scale?: number;
}

/** Whether an answer is learned: as its message says, else as the strategy does. */
export function isLearned(loss: boolean | undefined, isLast: boolean, scaling?: LossScaling): boolean {
  return loss ?? (isLast || scaling?.last_round !== true);
}

/** What a message answers: the user's message before it, or what tools gave back. */
export function queryOf(messages: readonly Message[], i: number): string {
  const before = messages.slice(0, i);
  const asked = before.slice(before.findLastIndex(({ role }) => role !== 'tool' && role !== 'user') + 1);
  return asked.map(({ content }) => content).join('\n');
}

/** The stretches of answers that weigh other than 1, in order; a `loss` of false weighs 0. */
export function weightedStretches(
  text: string,
  answers: readonly ScaledAnswer[],
  scaling?: LossScaling,
): WeightedStretch[] {
  return answers.flatMap(({ start, end, query, loss, loss_scale }) => {
    const whole = loss === false ? 0 : loss_scale;
    const stretches =
      whole !== undefined
        ? [{ start: 0, end: end - start, weight: whole }]
        : weigh(text.slice(start, end), query, scaling?.scales ?? []);
    return stretches
      .filter(({ weight }) => weight !== 1)
      .map((one) => ({ start: start + one.start, end: start + one.end, weight: one.weight }));
  });
}

/** Cuts an answer by one table after the other; joined, the stretches are the answer. */
export function weigh(answer: string, query: string, scales: readonly LossScale[]): WeightedStretch[] {
  return scales.reduce<WeightedStretch[]>(
    (stretches, scale) =>
      stretches.flatMap(({ start, end, weight }) =>
        cutBy(scale, answer.slice(start, end), query).map((one) => ({
          start: start + one.start,
          end: start + one.end,
          weight: weight * one.weight,
        })),
      ),
    [{ start: 0, end: answer.length, weight: 1 }],
  );
}

function cutBy({ response, query: byQuery = {} }: LossScale, text: string, query: string): WeightedStretch[] {
  const asked = Object.keys(byQuery).find((part) => query.includes(part));
  if (asked !== undefined) return [{ start: 0, end: text.length, weight: byQuery[asked] }];
  const stretches: WeightedStretch[] = [];
  const add = (start: number, end: number, weight: number): void => {
    if (end > start) stretches.push({ start, end, weight });
  };
  let [at, weight] = [0, 1];
  for (let match; (match = firstMatch(response, text, at)) !== undefined;) {
    const { start, end, weights } = match;
    add(at, start, weight);
    add(start, end, weights[0]);
    [at, weight] = [end, weights[1] ?? 1];
  }
  add(at, text.length, weight);
  return stretches;
}

interface RuleMatch {
  readonly start: number;
  readonly end: number;
  readonly weights: readonly number[];
}

/** The rule that matches first from a place on; of several at one place, the first of the list. */
function firstMatch(rules: LossScaleRules, text: string, from: number): RuleMatch | undefined {
  let first: RuleMatch | undefined;
  for (const [rule, weights] of Object.entries(rules)) {
    const found = weights.length === 2 ? keywordMatch(rule, text, from) : patternMatch(rule, text, from);
    if (found && (first === undefined || found[0] < first.start))
      first = { start: found[0], end: found[1], weights };
  }
  return first;
}

function keywordMatch(keyword: string, text: string, from: number): [number, number] | undefined {
  const at = text.indexOf(keyword, from);
  return at < 0 ? undefined : [at, at + keyword.length];
}

/** A match of nothing weighs nothing. */
function patternMatch(source: string, text: string, from: number): [number, number] | undefined {
  const pattern = new RegExp(source, 'gsu');
  pattern.lastIndex = from;
  for (let match; (match = pattern.exec(text)) !== null; pattern.lastIndex++)
    if (match[0] !== '') return [match.index, match.index + match[0].length];
  return undefined;
}
