import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeCheckpoint } from '../../../core/io/checkpoint.js';
import { openSafetensors } from '../../../core/io/safetensors/index.js';
import type { TensorToWrite } from '../../../core/io/safetensors/write.js';
import { loadCase, parityCase } from '../../../parity/cases.js';

const root = mkdtempSync(join(tmpdir(), 'swift-bind-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The weights of one parity case under the config.json of another. */
function crossed(weights: string, config: string) {
  const folder = join(root, `${weights}-${config}`);
  cpSync(parityCase(weights).folder, folder, { recursive: true });
  cpSync(join(parityCase(config).folder, 'config.json'), join(folder, 'config.json'));
  const messages: string[] = [];
  return { messages, folder, load: () => loadCase(parityCase(config), { folder, messages }) };
}

test('a tensor of another shape is an error that names both shapes', async () => {
  await expect(crossed('llama2', 'llama3').load()).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
    message: expect.stringMatching(/k_proj\.weight' is \[32,32\], config\.json asks for \[16,32\]/),
  });
});

test('a missing tensor is an error that names it', async () => {
  await expect(crossed('qwen2', 'qwen2_5').load()).rejects.toMatchObject({
    code: 'MISSING_WEIGHT',
    message: expect.stringContaining("'lm_head.weight'"),
  });
});

test('tensors that belong nowhere are an error that names the first and counts them', async () => {
  const { load } = crossed('attention_bias', 'llama3');
  await expect(load()).rejects.toMatchObject({
    code: 'UNKNOWN_WEIGHT',
    message: expect.stringMatching(/8 tensors .*layers\.0\.self_attn\.k_proj\.bias, .* and 3 more$/),
    cure: expect.arrayContaining([expect.stringContaining('config.json')]),
  });
});

test('an output head beside tied embeddings is not reported: it is the embedding', async () => {
  const { messages, load } = crossed('qwen2_5', 'qwen2');
  await load();
  expect(messages.filter((text) => text.includes('tensors'))).toEqual([]);
});

test('known buffers and layers that predict further ahead are counted once', async () => {
  const { messages, folder, load } = crossed('llama3', 'llama3');
  const file = await openSafetensors(join(folder, 'model.safetensors'));
  const tensors: TensorToWrite[] = [];
  for (const name of file.names()) {
    tensors.push({ name, dtype: 'F32', shape: file.info(name).shape, data: await file.readFloat32(name) });
  }
  await file.close();
  const buffers = [
    'model.layers.0.self_attn.rotary_emb.inv_freq',
    'model.layers.2.mlp.up_proj.weight',
    'mtp.w',
  ];
  for (const name of buffers) tensors.push({ name, dtype: 'F32', shape: [1], data: Float32Array.of(1) });
  await writeCheckpoint(folder, tensors);
  await expect(load()).rejects.toThrow('1 tensor belongs to no part of this model: model.layers.2.mlp');
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, num_nextn_predict_layers: 1 }));
  await load();
  expect(messages.filter((text) => text.includes('of no use here'))).toEqual([
    expect.stringMatching(/^weights: 3 tensors .*inv_freq$/),
  ]);
});

test.each(['gpt2', 'bloom'])('%s loads without the name of the part that holds the blocks', async (id) => {
  const folder = join(root, `${id}-bare`);
  cpSync(parityCase(id).folder, folder, { recursive: true });
  const file = await openSafetensors(join(folder, 'model.safetensors'));
  const tensors: TensorToWrite[] = [];
  for (const name of file.names()) {
    const { shape } = file.info(name);
    const data = await file.readFloat32(name);
    tensors.push({ name: name.replace('transformer.', ''), dtype: 'F32', shape, data });
  }
  await file.close();
  rmSync(join(folder, 'model.safetensors'));
  await writeCheckpoint(folder, tensors);
  const values = async (options?: { folder: string }) => {
    const { model } = await loadCase(parityCase(id), options);
    return [...model.namedParameters()].map(([name, { data }]) => [name, data]);
  };
  expect(await values({ folder })).toEqual(await values());
});
