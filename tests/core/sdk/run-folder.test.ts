import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRunFolder, runFolder } from '../../../core/sdk/run-folder.js';

test('runs of a model are numbered', () => {
  const output = mkdtempSync(join(tmpdir(), 'swift-run-'));
  const now = new Date('2026-01-02T03:04:05Z');
  expect(runFolder(output, 'llama', now)).toBe(join(output, 'llama', 'v0-20260102-030405'));
  mkdirSync(join(output, 'llama', 'v7-20260101-000000'), { recursive: true });
  expect(runFolder(output, 'llama', now)).toBe(join(output, 'llama', 'v8-20260102-030405'));
});

test('the id of a model in a folder of a repository makes one name of a folder', () => {
  const output = mkdtempSync(join(tmpdir(), 'swift-run-'));
  const now = new Date('2026-01-02T03:04:05Z');
  expect(runFolder(output, 'many:one', now)).toBe(join(output, 'many-one', 'v0-20260102-030405'));
});

test('runs that begin in the same second get folders of their own', () => {
  const output = mkdtempSync(join(tmpdir(), 'swift-run-'));
  const now = new Date('2026-01-02T03:04:05Z');
  const folders = [1, 2, 3].map(() => makeRunFolder(output, 'llama', now));
  expect(folders).toEqual([0, 1, 2].map((n) => join(output, 'llama', `v${n}-20260102-030405`)));
});

test('a file where the folder goes is said', () => {
  const output = mkdtempSync(join(tmpdir(), 'swift-run-'));
  writeFileSync(join(output, 'llama'), '');
  expect(() => makeRunFolder(output, 'llama')).toThrow(/cannot be written/);
});
