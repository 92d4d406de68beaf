import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ScratchFile } from '../../../core/io/scratch-file.js';
import { temporaryFolder } from './temporary-folder.js';

test('what was stored comes back, and the file has no name', async () => {
  const folder = temporaryFolder();
  const scratch = await ScratchFile.open(folder);
  const [a, b] = [Float32Array.of(1, 2, 3), Uint8Array.of(7, 8)];
  const places = [await scratch.store(a), await scratch.store(b)];
  expect(readdirSync(folder)).toEqual([]);
  const [x, y] = [new Float32Array(3), new Uint8Array(2)];
  await Promise.all([scratch.load(places[1], y), scratch.load(places[0], x)]);
  expect([x, y]).toEqual([a, b]);
  await scratch.close();
});

test('a freed place serves the next value of its size, so that a run needs room once', async () => {
  const scratch = await ScratchFile.open(temporaryFolder());
  const place = await scratch.store(Float32Array.of(1, 2));
  await scratch.store(Float32Array.of(3));
  scratch.free(place);
  expect(await scratch.store(Float32Array.of(4, 5))).toEqual(place);
  expect(scratch.bytes).toBe(12);
  await scratch.close();
});

test('a view into larger memory is stored alone', async () => {
  const scratch = await ScratchFile.open(temporaryFolder());
  const place = await scratch.store(Float32Array.of(1, 2, 3, 4).subarray(1, 3));
  expect(place.bytes).toBe(8);
  const back = new Float32Array(2);
  await scratch.load(place, back);
  expect(back).toEqual(Float32Array.of(2, 3));
  await scratch.close();
});

test('a folder that cannot be is an error a user understands', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(ScratchFile.open(join(file, 'below'))).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
});
