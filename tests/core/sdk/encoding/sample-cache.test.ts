import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRows, type PackedRows } from '../../../../core/data/packed-rows.js';
import { SampleCache } from '../../../../core/sdk/encoding/sample-cache.js';
import { temporaryFolder } from '../../io/temporary-folder.js';

const folder = temporaryFolder();
const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) };
const cache = (name: string, most?: number): SampleCache => new SampleCache(join(folder, name), log, most);
const rows = (length: number): PackedRows => {
  const ids = Int32Array.from({ length }, (_, i) => i);
  const sample = { input_ids: ids, labels: ids.map((id) => (id % 2 ? id : -100)), loss_scale: [...ids] };
  return packRows([
    { kind: 'sample', sample: { ...sample, partners: [{ ...sample, label: false }] }, truncated: true },
    { kind: 'dropped', reason: 'empty' },
  ]);
};

test('what is read is what was written, labels other than ids too', async () => {
  const packed = rows(5);
  await cache('a').write('k', packed);
  expect(await cache('a').read('k', 2)).toEqual(packed);
  const labels = Int32Array.from({ length: 10 }, () => 7);
  await cache('a').write('l', { ...packed, labels });
  expect((await cache('a').read('l', 2))?.labels).toEqual(labels);
  expect(await cache('a').read('other', 2)).toBeUndefined();
});

test('an entry that is damaged, cut, of another kind or of other rows is never believed, and removed', async () => {
  const packed = rows(9);
  const one = cache('b');
  await one.write('k', packed);
  const path = join(one.folder, 'k.rows');
  const whole = readFileSync(path);
  const damage = fc.oneof(
    fc.nat(whole.length - 1).map((at) => whole.map((byte, i) => (i === at ? byte ^ 255 : byte))),
    fc.nat(whole.length - 1).map((end) => whole.subarray(0, end)),
    fc.uint8Array({ maxLength: 80 }),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (bytes) => {
      writeFileSync(path, bytes);
      expect(await one.read('k', 2)).toBeUndefined();
      expect(existsSync(path)).toBe(false);
      expect(warnings.pop()).toContain(`${path} are damaged`);
    }),
  );
  mkdirSync(path);
  expect(await one.read('k', 2)).toBeUndefined();
  await one.write('k', packed);
  expect(await one.read('k', 2)).toEqual(packed);
  expect(await one.read('k', 3)).toBeUndefined();
});

test('what is longest unused goes first when there is too much', async () => {
  const one = cache('c', 3500);
  for (const [i, key] of ['x', 'y', 'z'].entries()) {
    await one.write(key, rows(40));
    utimesSync(join(one.folder, `${key}.rows`), i, i);
  }
  await one.read('x', 2);
  await one.prune();
  expect(readdirSync(one.folder).sort()).toEqual(['x.rows', 'z.rows']);
});

test('writers of one key leave one whole entry; a folder that cannot be made is said once', async () => {
  await Promise.all([1, 2, 3, 4].map(() => cache('d').write('k', rows(99))));
  expect(readdirSync(join(folder, 'd'))).toEqual(['k.rows']);
  expect(await cache('d').read('k', 2)).toEqual(rows(99));
  mkdirSync(join(folder, 'e'));
  writeFileSync(join(folder, 'e/file'), '');
  const none = cache('e/file/in');
  warnings.length = 0;
  for (const key of ['k', 'l']) await none.write(key, rows(1));
  expect(await none.read('k', 2)).toBeUndefined();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('encoded rows are not kept');
});
