import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFile } from '../../../../core/io/files.js';
import { bf16ToF32, f16ToF32 } from '../../../../core/io/dtypes.js';
import { openGguf } from '../../../../core/io/gguf/index.js';
import { ggufTable } from '../../../../core/model/gguf-table.js';
import { plugins as ownPlugins } from '../../../../parity/cases.js';
import { BLOCK_DECODERS } from '../../../../core/io/gguf/blocks.js';
import { openGgufFile } from '../../../../core/io/gguf/file.js';
import { readGgufHeader } from '../../../../core/io/gguf/header.js';
import { unpermuteRows } from '../../../../core/io/gguf/undo.js';
import { temporaryFolder } from '../temporary-folder.js';

const GGUF = ggufTable(ownPlugins());

interface ModelFixture {
  readonly file: string;
  readonly tensors: Record<string, { shape: number[]; sha256: string }>;
  readonly config: Record<string, unknown>;
}

const fixtures = new URL('../../../fixtures/io/', import.meta.url);
const blocks = JSON.parse(readFileSync(new URL('gguf-blocks.json', fixtures), 'utf8')) as {
  types: Record<string, { bytes: string; expected: string }>;
};
const models = JSON.parse(readFileSync(new URL('gguf-models.json', fixtures), 'utf8')) as Record<
  'llama' | 'qwen2',
  ModelFixture
>;
const folder = temporaryFolder();

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

describe('blocks are dequantized bit for bit as gguf.quants does', () => {
  test('every type has a fixture', () => {
    expect(Object.keys(blocks.types).sort()).toEqual([...Object.keys(BLOCK_DECODERS), 'BF16', 'F16'].sort());
  });

  test.each(Object.entries(blocks.types))('%s', (name, fixture) => {
    const source = bytesOf(fixture.bytes);
    const expected = new Float32Array(bytesOf(fixture.expected).buffer);
    const target = new Float32Array(expected.length);
    if (name === 'F16') f16ToF32(new Uint16Array(source.buffer), target);
    else if (name === 'BF16') bf16ToF32(new Uint16Array(source.buffer), target);
    else BLOCK_DECODERS[name].decode(source, target);
    // -0 and 0 differ where the reference adds an offset in another place; they are equal as numbers.
    expect(target.findIndex((value, i) => value !== expected[i])).toBe(-1);
    expect(target.some((value) => value !== 0)).toBe(true);
  });
});

describe.each(['llama', 'qwen2'] as const)('a %s file', (name) => {
  const path = join(folder, `${name}.gguf`);
  const { file, tensors, config } = models[name];
  beforeAll(() => writeFileSync(path, bytesOf(file)));

  test('gives the tensors that Transformers reads from it', async () => {
    const gguf = await openGguf(path, GGUF);
    const tied = gguf.config.tie_word_embeddings;
    const expected = Object.entries(tensors).filter(([own]) => !(tied && own === 'lm_head.weight'));
    expect(gguf.names().sort()).toEqual(expected.map(([own]) => own).sort());
    for (const [own, { shape, sha256 }] of expected) {
      expect([own, gguf.info(own).shape]).toEqual([own, shape]);
      const data = await gguf.readFloat32(own);
      const hash = createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
      expect([own, hash]).toEqual([own, sha256]);
    }
    expect(gguf.info('model.layers.0.self_attn.k_proj.weight').dtype).toBe('Q4_0');
    await gguf.close();
  });

  test('gives the config', async () => {
    const gguf = await openGguf(path, GGUF);
    expect(gguf.config).toMatchObject({ ...config, rms_norm_eps: 1e-5 });
    expect(gguf.config).toMatchObject({ rope_theta: 500000, head_dim: 16, bos_token_id: 1, eos_token_id: 2 });
    expect(gguf.config.rope_scaling).toEqual(
      name === 'qwen2'
        ? null
        : {
            rope_type: 'llama3',
            factor: 8,
            low_freq_factor: 1,
            high_freq_factor: 4,
            original_max_position_embeddings: 8192,
          },
    );
    expect(gguf.metadata['test.big']).toBe(2n ** 63n + 1n);
    expect(gguf.metadata['tokenizer.ggml.tokens']).toHaveLength(8);
    await gguf.close();
  });
});

describe('a damaged file', () => {
  const whole = bytesOf(models.llama.file);
  const path = join(folder, 'damaged.gguf');
  const openChanged = (change: (bytes: Uint8Array) => Uint8Array) => {
    writeFileSync(path, change(whole.slice()));
    return openGgufFile(path);
  };

  test('cut anywhere is refused by name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 64 }), async (length) => {
        await expect(openChanged((bytes) => bytes.subarray(0, length))).rejects.toMatchObject({
          code: 'BAD_FILE',
          message: expect.stringContaining(path),
        });
      }),
      { numRuns: 60 },
    );
  });

  test('of another version or kind is refused', async () => {
    const patched = (at: number, value: number) =>
      openChanged((bytes) => (bytes.fill(value, at, at + 1), bytes));
    await expect(patched(0, 0x20)).rejects.toThrow('is not a GGUF file');
    await expect(patched(4, 1)).rejects.toThrow('is GGUF version 1');
    await expect(patched(15, 0xff)).rejects.toThrow('its number of tensors is');
    await expect(openChanged((bytes) => (bytes.set([0, 0, 0, 3], 4), bytes))).rejects.toThrow('big-endian');
  });

  test.each([
    ['tensors', 8],
    ['metadata keys', 16],
  ])('with more %s than it has bytes for is refused before memory is taken', async (what, at) => {
    for (const count of [2n ** 32n, 2n ** 40n, 2n ** 52n]) {
      const opened = openChanged((bytes) => (Buffer.from(bytes.buffer).writeBigUInt64LE(count, at), bytes));
      await expect(opened).rejects.toThrow(`it says it has ${count} ${what}, in ${whole.length} bytes`);
    }
  });

  test('is told apart from a head longer than the first window', async () => {
    writeFileSync(path, whole);
    const file = await openFile(path);
    const header = await readGgufHeader(file, 64);
    expect(header.tensors).toHaveLength(12);
    await file.close();
  });

  test('of an unknown architecture', async () => {
    const text = Buffer.from(whole);
    text.write('lxama', text.indexOf('llama'));
    writeFileSync(path, text);
    await expect(openGguf(path, GGUF)).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: expect.stringContaining("architecture 'lxama'"),
    });
  });
});

test('rows are put back half after half within each head', () => {
  const stored = Float32Array.of(0, 3, 1, 4, 2, 5, 10, 13, 11, 14, 12, 15);
  expect([...unpermuteRows(stored, 12, 2)]).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
});
