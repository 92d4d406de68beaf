import type { Group, Objective, ObjectiveResult, Sequence, Survey } from '../contracts/trainer.js';
import { counted } from '../counted.js';
import { SwiftError } from '../errors.js';
import { READINGS, TOKEN_QUANTITIES } from '../nn/index.js';

/** Names that a run logs of every objective. */
const LOGGED = [
  ...['loss', 'grad_norm', 'learning_rate', 'epoch', 'percentage', 'elapsed_time', 'remaining_time'],
  ...['tokens_per_second', 'train_speed(iter/s)', 'memory(GiB)', 'peak_memory(GiB)', 'global_step/max_steps'],
];

/**
 * An objective whose answers are held against what they are for: a gradient that lands on another token, or a metric over
 * the loss, would be a wrong result without a word. @param id of its trainer
 */
export function checkedObjective(objective: Objective, id: string): Objective {
  const bad = (fault: string, cure: string): SwiftError =>
    new SwiftError('BAD_PLUGIN', `trainer '${id}': ${fault}`, { cure });
  const { quantities, readings, reference, rollouts, teacher, survey, questions, packs } =
    objective as Partial<Objective>;
  for (const member of ['sequences', 'loss'] as const)
    if (typeof objective[member] !== 'function')
      throw bad(`its objective has no '${member}'`, 'docs/adding/trainer.md says what an objective has.');
  const unknown = Array.isArray(quantities)
    ? quantities.find((name) => !TOKEN_QUANTITIES.includes(name))
    : String(quantities);
  if (unknown !== undefined)
    throw bad(`its objective asks for '${unknown}' of tokens`, `There are ${TOKEN_QUANTITIES.join(', ')}.`);
  const unread = readings?.find((name) => !READINGS.includes(name));
  if (unread !== undefined)
    throw bad(`its objective reads '${unread}' off sequences`, `There are ${READINGS.join(', ')}.`);
  return {
    quantities: quantities!,
    readings,
    questions: questions === true,
    packs: packs === true,
    reference: reference === true,
    rollouts,
    teacher,
    survey: survey && checkedSurvey(survey, bad),
    sequences: (row, template) => {
      const rows = objective.sequences(row, template);
      if (Array.isArray(rows) && rows.length > 0 && rows.every((one) => Array.isArray(one?.messages)))
        return rows;
      throw bad(
        'what its objective makes of a row is no list of rows',
        'sequences(row) returns one row or more.',
      );
    },
    loss: (groups, told, step) => {
      const result = objective.loss(groups, told, step) as ObjectiveResult | undefined;
      const fault = faultOf(result, groups);
      if (fault === undefined) return result!;
      throw bad(
        `its objective's loss ${fault}`,
        'loss(groups) returns loss, cotangents (one array a sequence, one value a supervised token) and metrics.',
      );
    },
  };
}

function checkedSurvey(survey: Survey, bad: (fault: string, cure: string) => SwiftError): Survey {
  const { of } = survey;
  if (!['rows', 'mismatched'].includes(of) || typeof survey.tell !== 'function')
    throw bad("its objective's survey is none", "A survey has of: 'rows' or 'mismatched', and tell(groups).");
  return {
    of,
    tell: (groups) => {
      const told: unknown = survey.tell(groups);
      const isTold = (one: unknown): boolean => Array.isArray(one) && one.every(Number.isFinite);
      if (Array.isArray(told) && told.length === groups.length && told.every(isTold)) return told;
      const fault = `its objective's survey tells ${lengthOf(told)} of ${counted(groups.length, 'row')} something, or no numbers`;
      throw bad(fault, 'tell(groups) returns a list of numbers for each of them.');
    },
  };
}

function faultOf(result: ObjectiveResult | undefined, groups: readonly Group[]): string | undefined {
  if (result instanceof Promise) return 'is a promise: it cannot wait';
  if (typeof result?.loss !== 'number') return `returns no number 'loss'`;
  const { cotangents, metrics } = result as { cotangents?: unknown; metrics?: unknown };
  if (!Array.isArray(cotangents) || cotangents.length !== groups.length)
    return `returns cotangents for ${lengthOf(cotangents)} of ${groups.length} groups`;
  for (const [g, group] of groups.entries()) {
    const own: unknown = cotangents[g];
    if (!Array.isArray(own) || own.length !== group.length)
      return `returns ${lengthOf(own)} cotangent arrays for the ${counted(group.length, 'sequence')} of group ${g}`;
    const read = result.reading_cotangents?.[g];
    for (const [s, sequence] of group.entries()) {
      const fault = faultOfSequence(own[s], read?.[s], sequence);
      if (fault !== undefined) return `returns ${fault} of sequence ${s} in group ${g}, or no Float32Array`;
    }
  }
  for (const [name, measure] of Object.entries(Object(metrics) as Record<string, unknown>)) {
    if (LOGGED.includes(name)) return `calls a metric '${name}', which is logged of every run`;
    if (!isSum(measure)) return `returns the metric '${name}' without sum and count`;
  }
  return typeof metrics === 'object' && metrics !== null ? undefined : 'returns no metrics';
}

/** One gradient for each number that it depends on. */
function faultOfSequence(
  given: unknown,
  byReading: unknown,
  { values, readings = {} }: Sequence,
): string | undefined {
  const tokens = values.logp?.length ?? 0;
  if (!(given instanceof Float32Array) || given.length !== tokens)
    return `${lengthOf(given)} values for the ${counted(tokens, 'token')}`;
  for (const [name, { length }] of Object.entries(readings)) {
    const own = (Object(byReading) as Record<string, unknown>)[name];
    if (!(own instanceof Float32Array) || own.length !== length)
      return `${lengthOf(own)} values for the ${counted(length, 'number')} of ${name}`;
  }
  return undefined;
}

function isSum(measure: unknown): boolean {
  const { sum, count, less } = Object(measure) as Record<string, unknown>;
  return typeof sum === 'number' && typeof count === 'number' && (less === undefined || isSum(less));
}

function lengthOf(value: unknown): string {
  return String((Object(value) as { length?: unknown }).length ?? 'no');
}
