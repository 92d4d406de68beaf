/** What is wrong with rules that weigh answers. */
import type { LossScale } from '../contracts/loss-scale.js';
import { SwiftError } from '../errors.js';

const EXAMPLE = '{"Action:": [2, 2], "Observation:": [2, 0]} or {"<tool_call>.+?</tool_call>": [2]}';

/** @throws SwiftError BAD_ARGUMENT naming the rule */
export function checkLossScale(scale: LossScale, place: string): LossScale {
  const bad = (what: string, cure = `Rules look like ${EXAMPLE}.`): SwiftError =>
    new SwiftError('BAD_ARGUMENT', `${place}: ${what}`, { cure });
  const { response, query = {} } = scale;
  if (!isMap(response)) throw bad('its rules are no map');
  if (!isMap(query)) throw bad("its 'query' is no map");
  const sizes = new Set<number>();
  for (const [rule, weights] of Object.entries(response)) {
    if (rule === '') throw bad('a rule is an empty text');
    if (!Array.isArray(weights) || ![1, 2].includes(weights.length) || !weights.every(isWeight)) {
      const cure = `A keyword has two weights of 0 or more, an expression one: ${EXAMPLE}.`;
      throw bad(`'${rule}' weighs ${JSON.stringify(weights)}`, cure);
    }
    sizes.add(weights.length);
    if (weights.length === 1) checkPattern(rule, bad);
  }
  if (sizes.size > 1) {
    throw bad(
      'keywords (two weights) and expressions (one) stand in one list',
      'Split it, and join the two by +.',
    );
  }
  for (const [part, weight] of Object.entries(query)) {
    if (part === '' || !isWeight(weight))
      throw bad(`the question '${part}' weighs ${JSON.stringify(weight)}`);
  }
  return scale;
}

/** Whether no token weighs other than 0 or 1. */
export function isBinary({ response, query = {} }: LossScale): boolean {
  return [...Object.values(response).flat(), ...Object.values(query)].every(
    (weight) => weight === 0 || weight === 1,
  );
}

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWeight = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function checkPattern(source: string, bad: (what: string, cure: string) => SwiftError): void {
  try {
    new RegExp(source, 'gsu');
  } catch (error) {
    const cure =
      "Expressions are JavaScript's (flags s and u): escape (, [, {, |, ., *, +, ? and \\ that mean themselves.";
    throw bad(`'${source}' is no regular expression: ${(error as Error).message}`, cure);
  }
}
