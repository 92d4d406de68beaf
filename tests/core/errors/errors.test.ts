import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { didYouMean, ERROR_CODES, isSwiftError, nearest, SwiftError } from '../../../core/errors.js';

describe('nearest', () => {
  const ids = ['lora', 'longlora', 'adalora', 'full', 'qwen2-7b', 'qwen2-7b-instruct', 'Qwen2-72B'];

  test.each([
    ['lroa', ['lora']],
    ['LORA', ['lora']],
    ['adalorra', ['adalora']],
    ['fulll', ['full']],
    ['qwen2-7', ['qwen2-7b', 'Qwen2-72B', 'qwen2-7b-instruct']],
    ['ful', ['full']],
    ['llama3', []],
    ['x', []],
    ['', []],
  ])('%j', (value, wanted) => {
    expect(nearest(value, ids)).toEqual(wanted);
  });

  test('no more than asked for, best first, ties by name', () => {
    expect(nearest('cat', ['bat', 'rat', 'cart', 'cat', 'hat'], 2)).toEqual(['cat', 'bat']);
  });
});

test('didYouMean', () => {
  expect(didYouMean('lroa', ['lora', 'full'])).toEqual(["Did you mean 'lora'?"]);
  expect(didYouMean('bat', ['cat', 'hat'])).toEqual(["Did you mean 'cat' or 'hat'?"]);
  expect(didYouMean('zzz', ['cat'])).toEqual([]);
});

describe('SwiftError', () => {
  test('renders as code, message and a line per cure', () => {
    const error = new SwiftError('BAD_FILE', 'x.yaml is broken', { cure: ['Mend it.', 'Or delete it.'] });
    expect(error.render()).toBe('error [BAD_FILE]: x.yaml is broken\n  Mend it.\n  Or delete it.');
    expect([error.exitCode, error.name, error.message]).toEqual([2, 'SwiftError', 'x.yaml is broken']);
  });

  test('takes one cure as a text, none, a cause and an exit code', () => {
    const cause = new Error('why');
    const error = new SwiftError('HUB_UNREACHABLE', 'gone', { cure: 'Wait.', cause, exitCode: 1 });
    expect([error.cure, error.cause, error.exitCode]).toEqual([['Wait.'], cause, 1]);
    expect(new SwiftError('BAD_FILE', 'x').render()).toBe('error [BAD_FILE]: x');
  });

  test('is known across copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'SwiftError', code: 'BAD_FILE' });
    expect([isSwiftError(foreign), isSwiftError(new Error('x')), isSwiftError('x')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('docs/errors.md', () => {
  const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const sections = [...text.matchAll(/^### (\S+)\n\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)];

  test('explains exactly the codes there are, each once', () => {
    expect(sections.map(([, code]) => code).sort()).toEqual([...ERROR_CODES].sort());
  });

  test('gives a meaning and a cure for each', () => {
    for (const [, code, body] of sections) expect(body, code).toMatch(/^[A-Z`-][\s\S]+\n\nCure: [\s\S]+\.\n/);
  });
});
