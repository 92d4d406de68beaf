/** Damaged data files end in rows or in an error that names the file, and in nothing else. */
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isSwiftError } from '../../../core/errors.js';
import { readLines } from '../../../core/io/rows/lines.js';
import { readRows } from '../../../core/io/rows/read-rows.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

const fixture = readFileSync(
  fileURLToPath(new URL('../../fixtures/io/rows-snappy.parquet', import.meta.url)),
);
const FILES: Record<string, Uint8Array> = {
  'a.jsonl': Buffer.from(
    '{"messages": [{"role": "user", "content": "é\\n"}], "n": 1.0}\n{"q": [1e5, NaN]}\n',
  ),
  'a.json': Buffer.from('{"data": [{"q": "é", "n": 12345678901234567890}, {"q": null}]}'),
  'a.csv': Buffer.from('q,r,\n"a ""b""",c,\n5" d,"e\nf",\n'),
  'a.parquet': fixture,
};

/** Bytes set, cut and doubled. */
const damage = fc.array(
  fc.record({ at: fc.nat(), byte: fc.nat(255), how: fc.constantFrom('set', 'set', 'set', 'cut', 'double') }),
  { minLength: 1, maxLength: 6 },
);

function damaged(
  bytes: Uint8Array,
  changes: readonly { at: number; byte: number; how: string }[],
): Uint8Array {
  return changes.reduce((held, { at, byte, how }) => {
    const place = held.length === 0 ? 0 : at % held.length;
    if (how === 'cut') return held.subarray(0, Math.max(place, held.length - 20));
    if (how === 'double')
      return Buffer.concat([held.subarray(0, place), held.subarray(Math.max(0, place - 9))]);
    const changed = Uint8Array.from(held);
    changed[place] = byte;
    return changed;
  }, bytes);
}

test.each(Object.keys(FILES))('%s', async (name) => {
  const path = join(folder, name);
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      writeFileSync(path, damaged(FILES[name], changes));
      try {
        for await (const { row } of readRows(path)) expect(typeof row).toBe('object');
      } catch (error) {
        if (!isSwiftError(error)) throw error;
        expect(error.message).toContain(path);
      }
    }),
    { numRuns: 300, seed: 7 },
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('a line too long to be held is refused by its number', async () => {
  const path = join(folder, 'long.jsonl');
  writeFileSync(path, `{}\n"${'x'.repeat(600_000)}"\n`);
  const read = async () => {
    for await (const { line } of readLines(path, 1000)) expect(line).toBe(1);
  };
  await expect(read()).rejects.toMatchObject({
    code: 'BAD_ROW',
    message: expect.stringContaining(`${path}:2: `),
  });
});
