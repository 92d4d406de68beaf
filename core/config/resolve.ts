import { existsSync, readFileSync } from 'node:fs';
import { didYouMean, SwiftError } from '../errors.js';
import type { Argument, Arguments, ValuesOf } from './argument.js';
import { expectedOf, nameOf } from './accepted-values.js';
import { NOT_BUILT } from './not-built.js';

/** A value as its source gives it: words from the command line, anything from YAML. */
export interface GivenValue {
  readonly value: unknown;
  /** How the user wrote it, for errors: `--lora_rank` or `run.yaml:7: lora_rank`. */
  readonly place: string;
}

/** Arguments that exist elsewhere: of plugins that were not chosen. */
export interface Others {
  names(): Iterable<string>;
  /** What is wrong with giving one of them; undefined where there is none of that name. */
  fault(written: string, place: string): SwiftError | undefined;
}

/** Every name an argument goes by -> the one it is declared under. */
export function canonicalNames(known: Arguments): Map<string, string> {
  return new Map(
    Object.entries(known).flatMap(([name, { aliases }]) =>
      [name, ...aliases].map((one): [string, string] => [one, name]),
    ),
  );
}

/**
 * Checks given values against a command's arguments and fills in defaults. All faults are reported together.
 * @throws SwiftError UNKNOWN_ARGUMENT, UNSUPPORTED_ARGUMENT, BAD_ARGUMENT
 */
export function resolveArguments<A extends Arguments>(
  command: string,
  known: A,
  given: ReadonlyMap<string, GivenValue>,
  others: Others = { names: () => [], fault: () => undefined },
): ValuesOf<A> {
  const names = canonicalNames(known);
  const values: Record<string, unknown> = {};
  const faults: SwiftError[] = [];
  for (const [written, { value, place }] of given) {
    const name = names.get(written);
    if (name === undefined) {
      const fault = others.fault(written, place);
      faults.push(fault ?? unknownArgument(command, written, place, [...names.keys(), ...others.names()]));
    } else if (name in values)
      faults.push(
        new SwiftError('BAD_ARGUMENT', `${place}: '${name}' is given twice, once under another name`),
      );
    else {
      const result = checkValue(known[name], value, place);
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

/** A given value as the argument takes it, or what is wrong with it. */
export function checkValue(argument: Argument, value: unknown, place: string): unknown {
  const mayBeEmpty = ['strings', 'floats', 'bool'].includes(argument.kind);
  if (Array.isArray(value) && value.length === 0 && !mayBeEmpty) {
    return new SwiftError('BAD_ARGUMENT', `${place}: a value is missing, ${nameOf(argument)} is expected`);
  }
  const converted = convertedTo(argument, value, place);
  if (converted instanceof SwiftError) return converted;
  const aliased = argument.choiceAliases?.[String(converted)] ?? converted;
  const expected = expectedOf(argument, aliased);
  if (expected === undefined) return aliased;
  const shown = Array.isArray(value)
    ? value.join(' ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
  return new SwiftError('BAD_ARGUMENT', `${place}: '${shown}' is not ${expected}`, {
    cure: argument.choices ? didYouMean(String(aliased), argument.choices.map(String)) : [],
  });
}

function convertedTo(argument: Argument, value: unknown, place: string): unknown {
  if (argument.kind === 'strings') return listed(argument, value, place);
  return argument.kind === 'floats' ? numbers(value) : scalar(argument, value);
}

/** A list of numbers; a file may give one alone. */
function numbers(value: unknown): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (typeof item === 'string' ? asNumber(item) : item));
}

const asNumber = (word: string): unknown =>
  word.trim() === '' || Number.isNaN(Number(word)) ? word : Number(word);

/** A list of texts; a file may give one text alone, and numbers where a text looks like one. */
function texts(value: unknown): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (typeof item === 'number' ? String(item) : item));
}

/** The same, with the lines of files where the argument takes some. */
function listed({ listFile }: Argument, value: unknown, place: string): unknown {
  const items = texts(value);
  if (listFile === undefined || !Array.isArray(items)) return items;
  const found: unknown[] = [];
  for (const item of items as readonly unknown[]) {
    if (typeof item !== 'string' || !item.endsWith(listFile)) found.push(item);
    else {
      const lines = linesOf(item, place);
      if (lines instanceof SwiftError) return lines;
      found.push(...lines);
    }
  }
  return found;
}

function linesOf(file: string, place: string): readonly string[] | SwiftError {
  if (!existsSync(file)) return new SwiftError('FILE_NOT_FOUND', `${place}: there is no file '${file}'`);
  const fault = (what: string): SwiftError =>
    new SwiftError('BAD_FILE', `${place}: ${file} ${what}`, {
      cure: 'Give a text file with one on each line.',
    });
  try {
    // A mark of the byte order, where there is one, is no part of the first line.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    const lines = text.split(/\r?\n/).filter((line) => line !== '');
    return lines.length > 0 ? lines : fault('is empty');
  } catch (cause) {
    return fault(cause instanceof TypeError ? 'is not UTF-8' : `cannot be read: ${(cause as Error).message}`);
  }
}

/** Words of the command line, or a value of a file, as the argument's kind; as given when it does not look like one. */
function scalar({ kind, nullable }: Argument, value: unknown): unknown {
  if (kind === 'choice' && typeof value === 'boolean') return String(value);
  const words: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(words)) return value;
  if (kind === 'bool' && words.length === 0) return true;
  const word = words.map(String).join(' ');
  if (word === 'null' && nullable) return null;
  if (kind === 'bool') return { true: true, false: false, '1': true, '0': false }[word.toLowerCase()] ?? word;
  if (kind !== 'int' && kind !== 'float') return word;
  return asNumber(word);
}

function together(faults: readonly SwiftError[]): SwiftError {
  if (faults.length === 1) return faults[0];
  const [first] = faults;
  const lines = faults.map(({ message, cure }) => [`${message}.`, ...cure].join(' '));
  return new SwiftError(first.code, `${faults.length} arguments are wrong`, { cure: lines });
}
