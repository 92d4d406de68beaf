import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCheckpoint } from '../../../core/io/checkpoint.js';
import { openSafetensors } from '../../../core/io/safetensors/index.js';
import { WeightFiles } from '../../../core/io/weight-files.js';
import { weightValues } from '../../../core/model/weight-values.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { services } from '../../../core/sdk/default-services.js';
import { Model } from '../../../core/sdk/swift.js';
import { Together } from '../../../parity/together.js';
import { TINY } from '../../e2e/swift.js';
import { backendOf, loadCase, parityCase, parityCases } from '../../../parity/cases.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const backend = await backendOf('onnxruntime');

/** Logits after two prompts of different lengths, and after two more tokens. */
async function logits(model: CausalLM, prompt: readonly number[]): Promise<Float32Array[]> {
  const engine = new Together(backend, model, new WeightFiles());
  const all = [await engine.start([prompt, prompt.slice(0, 2)])];
  for (const token of prompt.slice(0, 2)) all.push(await engine.next([token, token]));
  await engine.release();
  return all.map((values) => values.slice());
}

/** Leaves every matrix of a model in the file it was read from. */
async function leaveInFile(model: CausalLM, path: string): Promise<void> {
  const file = await openSafetensors(path);
  for (const [name, parameter] of model.namedParameters())
    if (parameter.shape.length > 1) parameter.leave(file.place!(name)!);
  await file.close();
}

test.each(parityCases().map(({ id }) => id))('%s computes the same from mapped weights', async (id) => {
  const parity = parityCase(id);
  const { model } = await loadCase(parity);
  const expected = await logits(model, parity.oracle.prompt);
  await leaveInFile(model, join(parity.folder, 'model.safetensors'));
  expect(await logits(model, parity.oracle.prompt)).toEqual(expected);
});

test('a link to the file will do, as hub caches have it', async () => {
  const parity = parityCase('llama3');
  const folder = temporaryFolder();
  const link = join(folder, 'snapshot', 'model.safetensors');
  mkdirSync(join(folder, 'snapshot'));
  symlinkSync(join(parity.folder, 'model.safetensors'), link);
  const { model } = await loadCase(parity);
  const expected = await logits(model, parity.oracle.prompt);
  await leaveInFile(model, link);
  expect(await logits(model, parity.oracle.prompt)).toEqual(expected);
});

/** The bundled model with its weights in float32, in two shards. */
async function float32Folder(): Promise<string> {
  const folder = temporaryFolder();
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
    cpSync(join(TINY, file), join(folder, file));
  const { loaded } = await Model.fromPretrained(TINY, { dtype: 'fp32' });
  const tensors = [...loaded.model.namedParameters()].map(([name, parameter]) => ({
    name,
    dtype: 'F32' as const,
    shape: parameter.shape,
    data: weightValues(parameter),
  }));
  await writeCheckpoint(folder, tensors, { maxShardBytes: 2e6 });
  return folder;
}

test('the loader leaves float32 matrices in their files, and nothing that it would hold otherwise', async () => {
  const folder = await float32Folder();
  const messages: string[] = [];
  const tell = (message: string): void => void messages.push(message);
  const own = services({ log: { info: tell, warn: tell } });
  const load = async (from: string, options: object): Promise<CausalLM> =>
    (await Model.fromPretrained(from, { services: own, leave_in_files: true, ...options })).loaded.model;
  const left = (model: CausalLM): string[] =>
    [...model.namedParameters()].filter(([, { file }]) => file).map(([name]) => name);

  const mapped = await load(folder, {});
  const matrices = [...mapped.namedParameters()].filter(([, { shape }]) => shape.length > 1);
  expect(left(mapped)).toEqual(matrices.map(([name]) => name));
  expect(new Set(matrices.map(([, { file }]) => file!.path)).size).toBeGreaterThan(1);
  expect(messages).toContainEqual(expect.stringMatching(/^weights: .* MB stay in their files/));
  const read = await load(folder, { leave_in_files: false });
  expect(await logits(mapped, [1, 2, 3])).toEqual(await logits(read, [1, 2, 3]));

  for (const options of [
    { dtype: 'bf16' },
    { quant_bits: 8, quant_method: 'rtn' },
    { leave_in_files: false },
  ])
    expect(left(await load(folder, options))).toEqual([]);
  expect(left(await load(TINY, { dtype: 'fp32' }))).toEqual([]);
});
