import { describe, expect, test } from 'vitest';
import {
  bool,
  choice,
  float,
  int,
  optionalInt,
  optionalString,
  string,
  strings,
} from '../../../core/config/argument.js';
import { expectedOf } from '../../../core/config/accepted-values.js';
import { commandArguments } from '../../../core/config/commands.js';
import { NOT_BUILT } from '../../../core/config/not-built.js';
import { resolveArguments } from '../../../core/config/resolve.js';
import { isSwiftError, type SwiftError } from '../../../core/errors.js';

const known = {
  rank: int({ default: 8, min: 1, help: '', aliases: ['lora_rank', 'r'] }),
  rate: float({ default: 0.1, min: 0, max: 1, above: true, help: '' }),
  steps: optionalInt({ help: '' }),
  text: string({ default: 'x', help: '' }),
  system: optionalString({ help: '' }),
  on: bool({ default: false, help: '' }),
  data: strings({ default: [], help: '' }),
  mode: choice(['left', 'right', 'true'], { default: 'left', help: '', choiceAliases: { l: 'left' } }),
} as const;

/** Words as the command line gives them (lists), or values as a file does. */
function resolve(given: Record<string, unknown>) {
  const entries = Object.entries(given).map(
    ([name, value]) => [name, { value, place: `--${name}` }] as const,
  );
  return resolveArguments('sft', known, new Map(entries));
}

function refusal(given: Record<string, unknown>): SwiftError {
  try {
    resolve(given);
  } catch (error) {
    if (isSwiftError(error)) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('values', () => {
  test('defaults', () => {
    expect(resolve({})).toEqual({
      rank: 8,
      rate: 0.1,
      steps: null,
      text: 'x',
      system: null,
      on: false,
      data: [],
      mode: 'left',
    });
  });

  test.each([
    ['rank', ['16'], 16],
    ['rank', 16, 16],
    ['rank', '16', 16],
    ['rate', ['1e-4'], 1e-4],
    ['rate', 1, 1],
    ['steps', ['-5'], -5],
    ['steps', ['null'], null],
    ['steps', null, null],
    ['text', ['two', 'words'], 'two words'],
    ['text', [''], ''],
    ['text', ['8'], '8'],
    ['text', ['null'], 'null'],
    ['system', ['null'], null],
    ['on', [], true],
    ['on', ['true'], true],
    ['on', ['False'], false],
    ['on', ['1'], true],
    ['on', ['0'], false],
    ['on', true, true],
    ['on', 'false', false],
    ['data', ['a', 'b'], ['a', 'b']],
    ['data', [], []],
    ['data', 'a', ['a']],
    ['data', ['a', 7], ['a', '7']],
    ['mode', ['l'], 'left'],
    ['mode', 'right', 'right'],
    ['mode', true, 'true'],
  ])('%s: %j is %j', (name, given, value) => {
    expect(resolve({ [name]: given })).toMatchObject({ [name]: value });
  });

  test('other names mean the same', () => {
    expect(resolve({ lora_rank: ['4'] }).rank).toBe(4);
    expect(resolve({ r: ['5'] }).rank).toBe(5);
  });
});

describe('faults', () => {
  test.each([
    ['rank', ['eight'], "--rank: 'eight' is not a whole number"],
    ['rank', ['1.5'], "--rank: '1.5' is not a whole number"],
    ['rank', ['0'], "--rank: '0' is not at least 1"],
    ['rank', ['1', '2'], "--rank: '1 2' is not a whole number"],
    ['rank', [], '--rank: a value is missing, a whole number is expected'],
    ['rank', [''], "--rank: '' is not a whole number"],
    ['rank', null, "--rank: 'null' is not a whole number"],
    ['rate', ['0'], "--rate: '0' is not above 0"],
    ['rate', ['2'], "--rate: '2' is not at most 1"],
    ['rate', ['NaN'], "--rate: 'NaN' is not a number"],
    ['rate', ['Infinity'], "--rate: 'Infinity' is not a number"],
    ['text', [], '--text: a value is missing, a text is expected'],
    ['text', 5, "--text: '5' is not a text"],
    ['on', ['yes'], "--on: 'yes' is not true or false"],
    ['data', { a: 1 }, `--data: '{"a":1}' is not a list of texts`],
    ['mode', ['lfet'], "--mode: 'lfet' is not one of left, right, true"],
  ])('%s %j', (name, given, message) => {
    expect(refusal({ [name]: given })).toMatchObject({ code: 'BAD_ARGUMENT', message, exitCode: 2 });
  });

  test('a choice near the given one is offered', () => {
    expect(refusal({ mode: ['lfet'] }).cure).toEqual(["Did you mean 'left'?"]);
  });

  test('an unknown name, with the nearest known ones', () => {
    expect(refusal({ lora_rnk: ['8'] })).toMatchObject({
      code: 'UNKNOWN_ARGUMENT',
      message: "--lora_rnk: swift sft has no argument 'lora_rnk'",
      cure: ["Did you mean 'lora_rank'?", 'See swift sft --help.'],
    });
  });

  test('what SWIFT has and this has not is refused by name', () => {
    expect(refusal({ deepspeed: ['zero2'] })).toMatchObject({
      code: 'UNSUPPORTED_ARGUMENT',
      message: "--deepspeed: 'deepspeed' exists in SWIFT but is not built here yet",
    });
  });

  test('one argument under two names', () => {
    expect(refusal({ rank: ['8'], lora_rank: ['9'] }).message).toBe(
      "--lora_rank: 'rank' is given twice, once under another name",
    );
  });

  test('several are reported together', () => {
    const { code, message, cure } = refusal({ rank: ['x'], nope: ['1'], mode: ['lfet'] });
    expect([code, message]).toEqual(['BAD_ARGUMENT', '3 arguments are wrong']);
    expect(cure).toHaveLength(3);
    expect(cure[0]).toContain('--rank');
    expect(cure[1]).toContain('--nope');
    expect(cure[2]).toContain("Did you mean 'left'?");
  });
});

describe.each(Object.entries(commandArguments))('swift %s', (_, declared) => {
  const names = Object.entries(declared).flatMap(([name, { aliases }]) => [name, ...aliases]);

  test('declares every name once', () => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test('has defaults that it accepts itself, and help for each', () => {
    for (const [name, argument] of Object.entries(declared)) {
      const { default: value, help } = argument;
      expect(expectedOf(argument, value), name).toBeUndefined();
      expect(help.length, name).toBeGreaterThan(10);
    }
  });
});

test('what is built is not listed as not built', () => {
  const built = Object.values(commandArguments).flatMap((declared) => Object.keys(declared));
  expect(built.filter((name) => NOT_BUILT.has(name))).toEqual([]);
});
