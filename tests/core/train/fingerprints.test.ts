import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import { fingerprintFile, fingerprintFiles } from '../../../core/io/fingerprint.js';
import {
  changedFiles,
  fingerprintInputs,
  hasFingerprints,
  otherInputs,
  writeFingerprints,
} from '../../../core/train/fingerprints.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const folder = temporaryFolder();
const sample = (...input_ids: number[]) => ({
  input_ids,
  labels: input_ids.map((id) => (id > 2 ? id : -100)),
});

test('samples, their order, labels and weights tell data apart', async () => {
  const [a, b] = [sample(1, 2, 3), sample(4, 5)];
  const data = [
    [a, b],
    [b, a],
    [a],
    [sample(1, 2), sample(3, 4, 5)],
    [{ ...a, labels: [-100, 2, 3] }, b],
    [{ ...a, loss_scale: [1, 1, 0.5] }, b],
    [{ ...a, loss_scale: [1, 1, 1] }, b],
    [{ ...a, label: true }, b],
    [{ ...a, label: false }, b],
  ];
  const all = await Promise.all(data.map(async (samples) => (await fingerprintInputs({ samples }, {})).data));
  expect(new Set(all).size).toBe(data.length);
  expect((await fingerprintInputs({ samples: [a, b] }, {})).data).toBe(all[0]);
});

test('a large file is told from one that differs at its ends, or in a stretch; and by its size', async () => {
  const bytes = Buffer.alloc(20 * 2 ** 20, 7);
  const path = join(folder, 'large');
  const of = async (change: (copy: Buffer) => Buffer): Promise<string> => {
    writeFileSync(path, change(Buffer.from(bytes)));
    return fingerprintFile(path);
  };
  const all = [
    await of((copy) => copy),
    await of((copy) => copy.fill(8, 0, 1)),
    await of((copy) => copy.fill(8, copy.length - 1)),
    await of((copy) => copy.fill(8, 9_000_000, 9_010_000)),
    await of((copy) => copy.subarray(1)),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(await of((copy) => copy)).toBe(all[0]);
});

test('weight files count by content, not by name or place', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  for (const [at, names] of [
    [one, ['a.safetensors', 'b.safetensors']],
    [two, ['model-1.safetensors', 'model-0.safetensors']],
  ] as const) {
    mkdirSync(at);
    names.forEach((name, i) => writeFileSync(join(at, name), `weights ${i}`));
    writeFileSync(join(at, 'config.json'), at);
    writeFileSync(join(at, 'optimizer.safetensors'), at);
  }
  const base = async (at: string) => (await fingerprintInputs({ samples: [] }, { base: at })).base;
  expect(await base(two)).toBe(await base(one));
  appendFileSync(join(two, 'model-1.safetensors'), '!');
  expect(await base(two)).not.toBe(await base(one));
  expect(await base(join(one, 'a.safetensors'))).toBe(await fingerprintFiles([join(one, 'a.safetensors')]));
});

test('a byte changed anywhere in a checkpoint is found, whatever file it is in', async () => {
  const checkpoint = join(folder, 'checkpoint');
  mkdirSync(checkpoint);
  for (const name of ['adapter_model.safetensors', 'optimizer.safetensors', 'trainer_state.json'])
    writeFileSync(join(checkpoint, name), Buffer.alloc(500, name));
  writeFileSync(join(checkpoint, 'args.json'), '{}');
  const inputs = await fingerprintInputs({ samples: [sample(3)] }, {});
  await writeFingerprints(checkpoint, inputs);
  expect(await changedFiles(checkpoint)).toEqual([]);
  expect(otherInputs(checkpoint, inputs)).toEqual([]);
  const random = SeededRandom.seeded(5);
  for (let round = 0; round < 60; round++) {
    const copy = join(folder, 'copy');
    cpSync(checkpoint, copy, { recursive: true });
    const names = readdirSync(copy).filter((name) => !['args.json', 'fingerprints.json'].includes(name));
    const path = join(copy, names[random.below(names.length)]);
    const bytes = readFileSync(path);
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    if (round % 3 === 0) rmSync(path);
    else writeFileSync(path, round % 3 === 1 ? bytes : bytes.subarray(0, random.below(bytes.length)));
    expect(await changedFiles(copy)).toEqual([expect.stringContaining(path)]);
    rmSync(copy, { recursive: true });
  }
  writeFileSync(join(checkpoint, 'args.json'), '{"changed": true}');
  expect(await changedFiles(checkpoint)).toEqual([]);
  expect(hasFingerprints(checkpoint)).toBe(true);
  rmSync(join(checkpoint, 'fingerprints.json'));
  expect(hasFingerprints(checkpoint)).toBe(false);
});
