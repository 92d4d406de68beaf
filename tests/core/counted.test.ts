import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { counted } from '../../core/counted.js';
import { ROOT } from '../e2e/swift.js';

test.each([
  [0, '0 samples'],
  [1, '1 sample'],
  [2, '2 samples'],
])('%i of a thing', (count, text) => {
  expect(counted(count, 'sample')).toBe(text);
});

test('a word that changes otherwise', () => {
  expect(counted(1, 'tensor is', 'tensors are')).toBe('1 tensor is');
  expect(counted(3, 'tensor is', 'tensors are')).toBe('3 tensors are');
});

test('no message puts a count before a plural that is always one', () => {
  const always =
    /\$\{[^{}]*(?:\.length|\.size|count|Total)\} (?:samples|tensors|rows|answers|tokens|tuners|modules) (?!of a model)/;
  const found = readdirSync(join(ROOT, 'core'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.ts'))
    .map((file) => join(file.parentPath, file.name))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => always.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});
