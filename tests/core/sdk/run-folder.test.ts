import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFolder } from '../../../core/sdk/run-folder.js';

test('runs of a model are numbered', () => {
  const output = mkdtempSync(join(tmpdir(), 'swift-run-'));
  const now = new Date('2026-01-02T03:04:05Z');
  expect(runFolder(output, 'llama', now)).toBe(join(output, 'llama', 'v0-20260102-030405'));
  mkdirSync(join(output, 'llama', 'v7-20260101-000000'), { recursive: true });
  expect(runFolder(output, 'llama', now)).toBe(join(output, 'llama', 'v8-20260102-030405'));
});
