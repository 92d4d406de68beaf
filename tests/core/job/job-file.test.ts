import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, readJob } from '../../../core/job/job-file.js';

const folder = mkdtempSync(join(tmpdir(), 'swift-'));

test.each([
  ['no-json', '{', /no-json is not valid JSON/],
  ['list', '[]', /is no JSON object/],
  ['other', '{}', /schema is undefined, expected 1/],
  ['later', '{"schema":2}', /schema is 2, expected 1/],
  ['command', '{"schema":1,"command":"infer","arguments":{}}', /has no command with arguments/],
  ['arguments', '{"schema":1,"command":"sft","arguments":3}', /has no command with arguments/],
  ['a-list', '{"schema":1,"command":"sft","arguments":[]}', /has no command with arguments/],
])('%s is no job', (name, text, message) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  expect(() => readJob(path)).toThrow(message);
});

test('where there is none, it says how to make one', () => {
  expect(() => readJob(join(folder, 'nowhere'))).toThrow(/there is no job at .*nowhere/);
  expect(() => readJob(folder)).toThrow(/there is no job at .*job\.json/);
});

test('differences name every field, absent ones too', () => {
  const before = { a: 1, b: { c: [1, 2], d: 'x' }, e: null };
  const now = { a: 1, b: { c: [1, 3, 4] }, e: 0 };
  expect(differences(before, before, '')).toEqual([]);
  expect(differences(before, now, '')).toEqual([
    'b.c.1: was 2, is 3',
    'b.c.2: was absent, is 4',
    'b.d: was "x", is absent',
    'e: was null, is 0',
  ]);
});

test('two commands in one file are one too many', () => {
  const path = join(folder, 'two');
  writeFileSync(path, '{"schema":1,"command":"sft","arguments":{"command":"pt"}}');
  expect(() => readJob(path)).toThrow(/command is 'sft', and its arguments say another one/);
});
