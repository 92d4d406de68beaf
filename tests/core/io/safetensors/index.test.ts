import fc from 'fast-check';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint, writeCheckpoint } from '../../../../core/io/checkpoint.js';
import { openSafetensors } from '../../../../core/io/safetensors/index.js';
import { writeSafetensors, type TensorToWrite } from '../../../../core/io/safetensors/write.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = temporaryFolder();
let files = 0;
const newPath = () => join(folder, `${files++}.safetensors`);

function fileOf(header: unknown, data: number): string {
  const path = newPath();
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, Buffer.alloc(data)]));
  return path;
}

const tensors: TensorToWrite[] = [
  { name: 'b.weight', dtype: 'BF16', shape: [2, 3], data: Float32Array.of(1, 2, 3, -4, 0.5, 6) },
  { name: 'a.weight', dtype: 'F32', shape: [2], data: Float32Array.of(1.1, -2) },
  { name: 'ids', dtype: 'I64', shape: [1], data: BigInt64Array.of(7n) },
  { name: 'scalar', dtype: 'F16', shape: [], data: () => Promise.resolve(Float32Array.of(0.25)) },
  { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
];

describe('one file', () => {
  test('what is written is read back', async () => {
    const path = newPath();
    await writeSafetensors(path, tensors);
    const file = await openSafetensors(path);
    expect(file.metadata).toEqual({ format: 'pt' });
    expect(file.names()).toEqual(['ids', 'a.weight', 'empty', 'b.weight', 'scalar']);
    expect(file.info('b.weight')).toMatchObject({ dtype: 'BF16', shape: [2, 3], bytes: 12 });
    expect([...(await file.readFloat32('b.weight'))]).toEqual([1, 2, 3, -4, 0.5, 6]);
    expect([...(await file.readFloat32('ids'))]).toEqual([7]);
    expect([...(await file.readFloat32('scalar'))]).toEqual([0.25]);
    expect(await file.readFloat32('empty')).toHaveLength(0);
    expect([...(await file.read('scalar'))]).toEqual([0, 0x34]);
    for (const { offset } of file.tensors.values()) expect(offset % 2).toBe(0);
    await file.close();
  });

  test('any float32 tensor survives bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.float32Array({ maxLength: 40 }),
        fc.string({ minLength: 1 }),
        async (data, name) => {
          fc.pre(name !== '__metadata__' && name !== '__proto__');
          const path = newPath();
          await writeSafetensors(path, [{ name, dtype: 'F32', shape: [data.length], data }]);
          const file = await openSafetensors(path);
          expect(Buffer.from((await file.readFloat32(name)).buffer).equals(Buffer.from(data.buffer))).toBe(
            true,
          );
          await file.close();
        },
      ),
      { numRuns: 50 },
    );
  });

  test('an absent tensor is told with its near names', async () => {
    const path = newPath();
    await writeSafetensors(path, tensors);
    const file = await openSafetensors(path);
    expect(() => file.info('a.weigth')).toThrow(
      expect.objectContaining({ code: 'MISSING_WEIGHT', cure: ["Did you mean 'a.weight' or 'b.weight'?"] }),
    );
    await file.close();
  });

  test('data of the wrong length is refused and leaves no file', async () => {
    const path = join(folder, 'wrong', 'x.safetensors');
    const wrong = { name: 'w', dtype: 'F16', shape: [3], data: new Float32Array(2) } as const;
    await expect(writeSafetensors(path, [wrong])).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining("tensor 'w' has 4 bytes, but F16 [3] takes 6"),
    });
    expect(readdirSync(join(folder, 'wrong'))).toEqual([]);
  });
});

describe('a faulty file', () => {
  const f32 = (shape: number[], begin: number, end: number) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  test.each<[string, unknown, number, string]>([
    ['truncated data', { w: f32([4], 0, 16) }, 8, "ends too early for tensor 'w'"],
    ['overlap', { a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12, "overlapping tensors: 'a' and 'b'"],
    ['hole', { a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12, "4 bytes that belong to no tensor before 'b'"],
    ['surplus', { a: f32([1], 0, 4) }, 6, 'has 2 bytes after its last tensor'],
    ['shape', { w: f32([3], 0, 8) }, 8, "gives tensor 'w' 8 bytes, but F32 [3] takes 12 bytes"],
    ['negative offset', { w: f32([1], -4, 0) }, 8, "faulty entry for tensor 'w': data_offsets.0"],
    ['unsafe integer', { w: f32([1], 0, 2 ** 60) }, 8, "faulty entry for tensor 'w': data_offsets.1"],
    ['backward range', { w: f32([0], 4, 0) }, 8, "ends too early for tensor 'w'"],
    ['no JSON', '{"w"', 0, 'its header is not JSON'],
    ['array', '[]', 0, 'its header is not a JSON object'],
    [
      'same name twice',
      '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0077":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
      "two entries named 'w'",
    ],
  ])('%s', async (_, header, data, message) => {
    const path = fileOf(header, data);
    await expect(openSafetensors(path)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining(message),
    });
    await expect(openSafetensors(path)).rejects.toThrow(path);
  });

  test('unknown type', async () => {
    const path = fileOf({ w: { dtype: 'Q9', shape: [1], data_offsets: [0, 1] } }, 1);
    await expect(openSafetensors(path)).rejects.toMatchObject({ code: 'UNSUPPORTED_DTYPE' });
  });

  test('headers that cannot be: too short, too long, behind the end', async () => {
    for (const [bytes, message] of [
      [Buffer.alloc(3), 'only 3 bytes'],
      [Buffer.from('ffffffffffffff7f00', 'hex'), 'header would take 9223372036854775807 bytes'],
      [Buffer.from('1000000000000000', 'hex'), 'ends at byte 8'],
    ] as const) {
      const path = newPath();
      writeFileSync(path, bytes);
      await expect(openSafetensors(path)).rejects.toThrow(message);
    }
  });

  test('no file', async () => {
    await expect(openSafetensors(join(folder, 'no.safetensors'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(openSafetensors(folder)).rejects.toThrow('is not a regular file');
  });
});

describe('a checkpoint folder', () => {
  const layers = Array.from({ length: 5 }, (_, i) => ({
    name: `layers.${i}.weight`,
    dtype: 'F32' as const,
    shape: [4],
    data: Float32Array.of(i, i, i, i),
  }));

  test('single file and shards look the same', async () => {
    const single = join(folder, 'single');
    const sharded = join(folder, 'sharded');
    expect(await writeCheckpoint(single, layers)).toEqual(['model.safetensors']);
    expect(await writeCheckpoint(sharded, layers, { maxShardBytes: 32 })).toEqual([
      'model-00001-of-00003.safetensors',
      'model-00002-of-00003.safetensors',
      'model-00003-of-00003.safetensors',
      'model.safetensors.index.json',
    ]);
    const index = JSON.parse(readFileSync(join(sharded, 'model.safetensors.index.json'), 'utf8'));
    expect(index.metadata).toEqual({ total_size: 80 });
    expect(index.weight_map['layers.2.weight']).toBe('model-00002-of-00003.safetensors');
    for (const path of [single, sharded]) {
      const checkpoint = await openCheckpoint(path);
      expect(checkpoint.names()).toEqual(layers.map(({ name }) => name));
      expect(checkpoint.info('layers.4.weight')).toMatchObject({ dtype: 'F32', shape: [4] });
      expect([...(await checkpoint.readFloat32('layers.3.weight'))]).toEqual([3, 3, 3, 3]);
      await expect(checkpoint.readFloat32('layers.9.weight')).rejects.toMatchObject({
        code: 'MISSING_WEIGHT',
      });
      await checkpoint.close();
    }
  });

  test('an adapter has its own stem', async () => {
    const path = join(folder, 'adapter');
    expect(await writeCheckpoint(path, layers, { stem: 'adapter_model' })).toEqual([
      'adapter_model.safetensors',
    ]);
    const adapter = await openCheckpoint(path, { stem: 'adapter_model' });
    expect(adapter.has('layers.0.weight')).toBe(true);
    await adapter.close();
  });

  test('an incomplete or foreign folder says what is missing', async () => {
    const path = join(folder, 'incomplete');
    mkdirSync(path);
    const index = join(path, 'model.safetensors.index.json');
    writeFileSync(index, JSON.stringify({ weight_map: { w: 'model-00001-of-00001.safetensors' } }));
    await expect(openCheckpoint(path)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('model-00001-of-00001.safetensors is missing'),
    });
    await writeSafetensors(join(path, 'model-00001-of-00001.safetensors'), layers);
    await expect(openCheckpoint(path)).rejects.toThrow("tensor 'w' is in model-00001-of-00001.safetensors");
    writeFileSync(index, JSON.stringify({ weight_map: { w: '../secret.safetensors' } }));
    await expect(openCheckpoint(path)).rejects.toThrow('a shard outside its folder');
    writeFileSync(index, '{');
    await expect(openCheckpoint(path)).rejects.toMatchObject({ code: 'BAD_FILE' });

    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'flax_model.msgpack'), '');
    await expect(openCheckpoint(foreign)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('model.safetensors, model.safetensors.index.json, pytorch_model.bin'),
      cure: ['Found: flax_model.msgpack.'],
    });
    await expect(openCheckpoint(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
