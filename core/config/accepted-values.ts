/** Which values an argument accepts. */
import type { Argument } from './argument.js';

/** What is expected instead of a value; undefined where the argument accepts it. */
export function expectedOf(argument: Argument, value: unknown): string | undefined {
  const { kind, choices, nullable } = argument;
  if (value === null && nullable) return undefined;
  if (kind === 'strings' || kind === 'floats') return expectedOfList(argument, value);
  if (choices) return choices.includes(value as string) ? undefined : nameOf(argument);
  if (kind === 'string') return typeof value === 'string' ? undefined : nameOf(argument);
  if (kind === 'bool') return typeof value === 'boolean' ? undefined : nameOf(argument);
  const isNumber = kind === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isNumber ? outOfRange(argument, value as number) : nameOf(argument);
}

/** What an argument's values are, in words. */
export function nameOf({ kind, choices }: Argument): string {
  if (choices) return `one of ${choices.join(', ')}`;
  return {
    string: 'a text',
    int: 'a whole number',
    float: 'a number',
    bool: 'true or false',
    strings: 'a list of texts',
    floats: 'a list of numbers',
    choice: 'a choice',
  }[kind];
}

function expectedOfList(argument: Argument, value: unknown): string | undefined {
  const { kind, choices } = argument;
  if (kind === 'floats') {
    if (!Array.isArray(value) || !value.every(Number.isFinite)) return nameOf(argument);
    return value.map((item: number) => outOfRange(argument, item)).find((fault) => fault !== undefined);
  }
  const isOne = (item: unknown): boolean =>
    typeof item === 'string' && (choices === undefined || choices.includes(item));
  return Array.isArray(value) && value.every(isOne) ? undefined : nameOf(argument);
}

function outOfRange({ min, max, above, below }: Argument, value: number): string | undefined {
  if (min !== undefined && (above ? value <= min : value < min))
    return `${above ? 'above' : 'at least'} ${min}`;
  if (max !== undefined && (below ? value >= max : value > max))
    return `${below ? 'below' : 'at most'} ${max}`;
  return undefined;
}
