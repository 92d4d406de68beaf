/** GGUF models in several files. The parts are what the gguf package makes of the file beside them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGguf } from '../../../../core/io/gguf/index.js';
import { ggufTable } from '../../../../core/model/gguf-table.js';
import { plugins as ownPlugins } from '../../../../parity/cases.js';
import { temporaryFolder } from '../temporary-folder.js';

const GGUF = ggufTable(ownPlugins());

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/io/${name}.json`, import.meta.url), 'utf8')) as T;
const { parts } = read<{ parts: Record<string, string> }>('gguf-split');
const { llama } = read<{ llama: { file: string } }>('gguf-models');
const NAMES = Object.keys(parts);
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

function written(names: readonly string[] = NAMES): string {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), bytes(parts[name]));
  return folder;
}

test.each(NAMES)('%s stands for the whole model', async (name) => {
  const folder = written();
  writeFileSync(join(folder, 'whole.gguf'), bytes(llama.file));
  const [split, whole] = [
    await openGguf(join(folder, name), GGUF),
    await openGguf(join(folder, 'whole.gguf'), GGUF),
  ];
  expect(split.config).toEqual(whole.config);
  expect(split.metadata).toMatchObject(whole.metadata);
  expect(split.names().sort()).toEqual(whole.names().sort());
  for (const tensor of whole.names()) {
    expect(split.info(tensor)).toEqual(whole.info(tensor));
    expect(await split.readFloat32(tensor)).toEqual(await whole.readFloat32(tensor));
  }
  await split.close();
  await whole.close();
});

test('a part alone says so, and which are missing', async () => {
  const folder = written([NAMES[1]]);
  await expect(openGguf(join(folder, NAMES[1]), GGUF)).rejects.toMatchObject({
    code: 'BAD_CHECKPOINT',
    message: `${join(folder, NAMES[1])} is one of 3 files of a model, and not beside it: ${NAMES[0]}, ${NAMES[2]}`,
  });
});

test('a part by another name, in another place or twice', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'model.gguf'), bytes(parts[NAMES[0]]));
  await expect(openGguf(join(folder, 'model.gguf'), GGUF)).rejects.toThrow(
    /one of 3 files of a model, but its name/,
  );
  const mixed = written();
  writeFileSync(join(mixed, NAMES[2]), bytes(parts[NAMES[1]]));
  await expect(openGguf(join(mixed, NAMES[0]), GGUF)).rejects.toThrow(/does not say that it is part 3 of 3/);
  rmSync(join(mixed, NAMES[2]));
  await expect(openGguf(join(mixed, NAMES[0]), GGUF)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
});
