import fc from 'fast-check';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isSwiftError } from '../../../../core/errors.js';
import { openCheckpoint } from '../../../../core/io/checkpoint.js';
import { openTorchFile } from '../../../../core/io/torch/file.js';
import { temporaryFolder } from '../temporary-folder.js';
import { pickleOf, writeTorchFile, zipOf } from './writer.js';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/torch/', import.meta.url));
const fixture = (name: string): string => join(FIXTURES, name);
const folder = temporaryFolder();

/** Torch's names of the types that state.json uses. */
const DTYPES: Readonly<Record<string, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

describe('files of torch.save', () => {
  test.each(['state.bin', 'protocol4.bin'])('%s: every type, view and stride', async (name) => {
    const expected = JSON.parse(readFileSync(fixture('state.json'), 'utf8')) as Record<string, Expected>;
    const file = await openTorchFile(fixture(name));
    expect(file.names()).toEqual(Object.keys(expected));
    for (const [tensor, { dtype, shape, values }] of Object.entries(expected)) {
      expect(file.info(tensor), tensor).toMatchObject({ dtype: DTYPES[dtype], shape });
      expect([...(await file.readFloat32(tensor))], tensor).toEqual(values.map(Math.fround));
    }
    await file.close();
  });

  test('bytes are those of the row-major tensor', async () => {
    const file = await openTorchFile(fixture('state.bin'));
    expect(new Uint16Array((await file.read('permuted')).buffer)).toHaveLength(24);
    expect(new BigInt64Array((await file.read('every_other')).buffer)[0]).toBe(2n ** 33n - 5n);
    expect([...(await file.read('u8'))]).toEqual([0, 7, 255]);
    await expect(file.readFloat32('rows')).rejects.toMatchObject({
      code: 'MISSING_WEIGHT',
      cure: [expect.stringContaining("'row'")],
    });
    await file.close();
  });

  test("a module's state dict, with its attributes", async () => {
    const file = await openTorchFile(fixture('module-state.bin'));
    expect(file.names()).toEqual(['weight', 'bias']);
    expect(file.info('weight').shape).toEqual([1, 2]);
    await file.close();
  });

  test.each([
    ['malicious.bin', /names (posix|nt|os)\.system/],
    ['module.bin', /names torch\.nn\.modules\.linear\.Linear/],
    ['nested.bin', /entry 'model' is no tensor/],
    ['legacy.bin', /from before 1\.6/],
  ])('%s is refused, with the way out', async (name, reason) => {
    await expect(openTorchFile(fixture(name))).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(reason),
      cure: expect.arrayContaining([expect.stringContaining('safetensors')]),
    });
    await expect(openTorchFile(fixture(name))).rejects.toThrow(name);
    expect(existsSync('poisoned')).toBe(false);
  });

  test('shards with an index', async () => {
    const checkpoint = await openCheckpoint(fixture('llama3'));
    expect(checkpoint.names().length).toBeGreaterThan(10);
    expect(checkpoint.info('model.norm.weight')).toMatchObject({ dtype: 'F32', shape: [32] });
    expect(await checkpoint.readFloat32('model.norm.weight')).toHaveLength(32);
    await checkpoint.close();
  });
});

const tensors = [
  { name: 'ä.weight', storage: 'FloatStorage', shape: [2, 2], data: bytes(Float32Array.of(1, 2, 3, -4)) },
  { name: 'b', storage: 'ByteStorage', shape: [3], data: Uint8Array.of(1, 2, 3) },
];

function bytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

describe('archives', () => {
  test.each([
    ['zip', false],
    ['zip64', true],
  ])('%s', async (name, zip64) => {
    const path = join(folder, `${name}.bin`);
    writeTorchFile(path, tensors, zip64);
    const file = await openTorchFile(path);
    expect([...(await file.readFloat32('ä.weight'))]).toEqual([1, 2, 3, -4]);
    expect([...(await file.readFloat32('b'))]).toEqual([1, 2, 3]);
    await file.close();
  });

  const path = join(folder, 'bad.bin');
  const pickle = pickleOf(tensors);
  const data = tensors.map((tensor, i) => [`data/${i}`, tensor.data] as const);

  test.each([
    ['nothing', Buffer.alloc(0), 'is no PyTorch file'],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs'), 'is no PyTorch file'],
    ['half of it', zipOf(new Map([['data.pkl', pickle], ...data])).subarray(0, 300), 'its end is missing'],
    ['no pickle', zipOf(new Map(data)), 'without the data.pkl'],
    ['no storage', zipOf(new Map([['data.pkl', pickle]])), "lacks storage '0'"],
    [
      'a short storage',
      zipOf(new Map([['data.pkl', pickle], ['data/0', new Uint8Array(8)], data[1]])),
      "has 8 bytes where tensor 'ä.weight' needs 16",
    ],
    [
      'another byte order',
      zipOf(new Map([['data.pkl', pickle], ['byteorder', Buffer.from('big')], ...data])),
      'big-endian',
    ],
  ])('%s is refused', async (_, content, message) => {
    writeFileSync(path, content);
    await expect(openTorchFile(path)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining(message),
    });
  });

  test('a file with bytes changed is read or refused, never a crash', async () => {
    writeTorchFile(path, tensors);
    const sound = readFileSync(path);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const content = Uint8Array.from(sound);
        for (const [at, value] of changes) content[at] = value;
        writeFileSync(path, content);
        try {
          const file = await openTorchFile(path);
          for (const name of file.names()) await file.readFloat32(name);
          await file.close();
        } catch (error) {
          if (!isSwiftError(error)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
