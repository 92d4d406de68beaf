import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SampleFile } from '../../../core/sdk/sample-file.js';

const given = {
  output_dir: join(mkdtempSync(join(tmpdir(), 'samples-')), 'new'),
  output_file: 'a.jsonl',
  resume: false,
  override_exist_file: false,
};

test('rows that are done are known again, but for a line that was cut off; the file is there when all are', async () => {
  const rows = [
    { id: 'one', kept: [{ n: 1 }, { n: 2 }] },
    { id: 'two', kept: [] },
  ];
  const first = new SampleFile(given);
  for (const row of rows) first.append(row);
  expect(() => new SampleFile({ ...given, resume: true })).toThrow(/in use by another run/);
  first.release();
  appendFileSync(`${first.path}.journal`, '{"id":"three","ke');
  expect(() => new SampleFile(given)).toThrow(/journal is there already/);

  const next = new SampleFile({ ...given, resume: true });
  expect([...(await next.done()).values()]).toEqual(rows);
  next.append({ id: 'three', kept: [{ n: 3 }] });
  const all = [...(await next.done()).values()];
  expect(existsSync(next.path)).toBe(false);
  await next.finish(all);
  expect(readFileSync(next.path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
  expect(existsSync(`${next.path}.journal`)).toBe(false);
  next.release();
  expect(() => new SampleFile({ ...given, resume: true })).toThrow(/a\.jsonl is there already/);
  expect((await new SampleFile({ ...given, override_exist_file: true }).done()).size).toBe(0);
});

test('a name is no path, and of a jsonl file', () => {
  for (const output_file of ['../a.jsonl', 'a.json'])
    expect(() => new SampleFile({ ...given, output_file })).toThrow(/no name of a jsonl file/);
});
