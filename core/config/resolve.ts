import type { z } from 'zod';
import { didYouMean, SwiftError } from '../errors.js';
import type { Argument, Arguments, ValuesOf } from './argument.js';
import { NOT_BUILT } from './not-built.js';

/** A value as its source gives it: words from the command line, anything from YAML. */
export interface GivenValue {
  readonly value: unknown;
  /** How the user wrote it, for errors: `--lora_rank` or `run.yaml:7: lora_rank`. */
  readonly place: string;
}

/**
 * Checks given values against a command's arguments and fills in defaults. All faults are reported together.
 * @throws SwiftError UNKNOWN_ARGUMENT, UNSUPPORTED_ARGUMENT, BAD_ARGUMENT
 */
export function resolveArguments<A extends Arguments>(
  command: string,
  known: A,
  given: ReadonlyMap<string, GivenValue>,
): ValuesOf<A> {
  const names = new Map<string, string>();
  for (const [name, { aliases }] of Object.entries(known)) {
    for (const one of [name, ...aliases]) names.set(one, name);
  }
  const values: Record<string, unknown> = {};
  const faults: SwiftError[] = [];
  for (const [written, { value, place }] of given) {
    const name = names.get(written);
    if (name === undefined) faults.push(unknownArgument(command, written, place, names.keys()));
    else if (name in values)
      faults.push(
        new SwiftError('BAD_ARGUMENT', `${place}: '${name}' is given twice, once under another name`),
      );
    else {
      const result = check(known[name], value, place);
      if (result instanceof SwiftError) faults.push(result);
      values[name] = result;
    }
  }
  if (faults.length > 0) throw together(faults);
  for (const [name, argument] of Object.entries(known)) values[name] ??= argument.default;
  return values as ValuesOf<A>;
}

function unknownArgument(command: string, name: string, place: string, known: Iterable<string>): SwiftError {
  if (NOT_BUILT.has(name)) {
    return new SwiftError(
      'UNSUPPORTED_ARGUMENT',
      `${place}: '${name}' exists in SWIFT but is not built here yet`,
      {
        cure: `Leave it out. What swift ${command} takes: swift ${command} --help.`,
      },
    );
  }
  return new SwiftError('UNKNOWN_ARGUMENT', `${place}: swift ${command} has no argument '${name}'`, {
    cure: [...didYouMean(name, known), `See swift ${command} --help.`],
  });
}

function check(argument: Argument, value: unknown, place: string): unknown {
  const converted = Array.isArray(value) && argument.kind !== 'strings' ? scalar(argument, value) : value;
  const listed = argument.kind === 'strings' && !Array.isArray(converted) ? [converted] : converted;
  const aliased = argument.choiceAliases?.[String(listed)] ?? listed;
  const result = argument.schema.safeParse(aliased);
  if (result.success) return result.data;
  const shown = Array.isArray(value) ? value.join(' ') : JSON.stringify(value);
  return new SwiftError(
    'BAD_ARGUMENT',
    `${place}: '${shown}' is not ${expectation(argument, result.error)}`,
    {
      cure: argument.choices ? didYouMean(String(aliased), argument.choices) : [],
    },
  );
}

/** One command-line word as the argument's kind; left as text when it does not look like one. */
function scalar({ kind, choices }: Argument, words: readonly string[]): unknown {
  if (kind === 'bool' && words.length === 0) return true;
  if (words.length !== 1) return words.join(' ');
  const [word] = words;
  if (kind === 'bool') return { true: true, false: false, '1': true, '0': false }[word.toLowerCase()] ?? word;
  if (kind === 'int' || kind === 'float')
    return word.trim() === '' ? word : Number.isNaN(Number(word)) ? word : Number(word);
  if (word === 'null' && !choices) return null;
  return word;
}

function expectation({ kind, choices }: Argument, error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue.code === 'too_small') return `${issue.inclusive ? 'at least' : 'above'} ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `at most ${String(issue.maximum)}`;
  if (choices) return `one of ${choices.join(', ')}`;
  const names = {
    string: 'a text',
    int: 'a whole number',
    float: 'a number',
    bool: 'true or false',
    strings: 'a list of texts',
    choice: 'a choice',
  };
  return names[kind];
}

function together(faults: readonly SwiftError[]): SwiftError {
  if (faults.length === 1) return faults[0];
  const [first] = faults;
  const lines = faults.map(({ message, cure }) => [message, ...cure].join(' '));
  return new SwiftError(first.code, `${faults.length} arguments are wrong`, { cure: lines });
}
