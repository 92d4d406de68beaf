import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { openCheckpoint, writeCheckpoint } from '../../core/io/checkpoint.js';
import { asBytes, fromFloat32 } from '../../core/io/dtypes.js';
import { weightValues } from '../../core/model/weight-values.js';
import type { CausalLM } from '../../core/nn/index.js';
import { writeTorchFile } from '../core/io/torch/writer.js';
import { loadCase, parityCase, parityCases, type ParityCase } from '../../parity/cases.js';

const root = mkdtempSync(join(tmpdir(), 'swift-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true }));

const TORCH = fileURLToPath(new URL('../fixtures/torch/', import.meta.url));

interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

async function storedIn(folder: string): Promise<Stored[]> {
  const file = await openCheckpoint(folder);
  const tensors: Stored[] = [];
  for (const name of file.names())
    tensors.push({ name, shape: file.info(name).shape, data: await file.readFloat32(name) });
  await file.close();
  return tensors;
}

/** The case's folder with other weights, which `write` makes. */
async function rewritten(
  parity: ParityCase,
  kind: string,
  write: (folder: string) => void | Promise<unknown>,
): Promise<string> {
  const folder = join(root, `${parity.id}-${kind}`);
  cpSync(parity.folder, folder, { recursive: true });
  rmSync(join(folder, 'model.safetensors'));
  await write(folder);
  return folder;
}

function valuesOf(model: CausalLM): ReadonlyMap<string, Float32Array> {
  return new Map([...model.namedParameters()].map(([name, parameter]) => [name, weightValues(parameter)]));
}

/** bfloat16 is a float32 without its lower half, so that what is not rounded is not changed. */
function withoutLowerHalf(values: Float32Array): Float32Array {
  const bits = Uint32Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length));
  return new Float32Array(bits.map((value) => value & 0xffff0000).buffer);
}

describe.each(parityCases())('$id', (parity) => {
  test('tensors of the checkpoint are the parameters of the model, by name', async () => {
    const messages: string[] = [];
    const { model } = await loadCase(parity, { messages });
    const stored = (await storedIn(parity.folder)).map(({ name }) => name);
    expect([...valuesOf(model).keys()].sort()).toEqual(stored.sort());
    expect(messages.filter((text) => text.startsWith('weights:'))).toEqual([]);
  });

  test('two shards of bfloat16 load to the same values', async () => {
    const tensors = (await storedIn(parity.folder)).map((tensor) => ({
      ...tensor,
      dtype: 'BF16' as const,
      data: withoutLowerHalf(tensor.data),
    }));
    const bytes = tensors.reduce((sum, { data }) => sum + 2 * data.length, 0);
    const largest = Math.max(...tensors.map(({ data }) => 2 * data.length));
    // Greedy filling makes two of it, however large the largest tensor is.
    const maxShardBytes = Math.min(Math.ceil(bytes / 2) + largest, bytes - 1);
    const folder = await rewritten(parity, 'shards', async (target) => {
      const files = await writeCheckpoint(target, tensors, { maxShardBytes });
      expect(files).toHaveLength(3);
    });
    const values = valuesOf((await loadCase(parity, { folder })).model);
    expect(values.size).toBe(tensors.length);
    for (const { name, data } of tensors) expect(values.get(name), name).toEqual(data);
  });

  test('a .bin file loads to the same values', async () => {
    const tensors = await storedIn(parity.folder);
    const folder = await rewritten(parity, 'bin', (target) => {
      const written = tensors.map(({ name, shape, data }) => ({
        name,
        shape,
        storage: 'FloatStorage',
        data: asBytes(data),
      }));
      writeTorchFile(join(target, 'pytorch_model.bin'), written);
    });
    const values = valuesOf((await loadCase(parity, { folder })).model);
    expect(values.size).toBe(tensors.length);
    for (const { name, data } of tensors) expect(values.get(name), name).toEqual(data);
  });
});

test.each(['llama3', 'qwen2'])('%s as PyTorch itself saved it', async (id) => {
  const parity = parityCase(id);
  const folder = await rewritten(parity, 'torch', (target) =>
    cpSync(join(TORCH, id), target, { recursive: true }),
  );
  const values = valuesOf((await loadCase(parity, { folder })).model);
  expect(values).toEqual(valuesOf((await loadCase(parity)).model));
});

test('a .bin file of bfloat16 keeps its bits', async () => {
  const parity = parityCase('llama3');
  const tensors = await storedIn(parity.folder);
  const folder = await rewritten(parity, 'bin-bf16', (target) => {
    const written = tensors.map(({ name, shape, data }) => ({
      name,
      shape,
      storage: 'BFloat16Storage',
      data: fromFloat32(data, 'BF16'),
    }));
    writeTorchFile(join(target, 'pytorch_model.bin'), written);
  });
  const { model } = await loadCase(parity, { folder });
  const formats = [...model.namedParameters()].map(([, parameter]) => parameter.format);
  expect(new Set(formats)).toEqual(new Set(['f32', 'bf16']));
});
