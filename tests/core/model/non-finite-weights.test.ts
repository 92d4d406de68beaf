/** Weights that are NaN or infinite are refused by name: at load where it costs nothing, else by the first result. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Chat, Model } from '../../../core/sdk/index.js';
import { f32ToBf16, f32ToF16 } from '../../../core/io/dtypes.js';
import { openSafetensors } from '../../../core/io/safetensors/index.js';
import { isFiniteWeight } from '../../../core/model/non-finite-weights.js';
import { BitsAndBytes } from '../../../plugins/quantizers/bnb.js';
import { RoundToNearest } from '../../../plugins/quantizers/rtn.js';
import { TINY } from '../../e2e/swift.js';

const NAME = 'model.layers.1.mlp.down_proj.weight';

/** The tiny model with one value of bfloat16 set to these bits. */
async function damaged(bits: number, name = NAME): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'swift-'));
  cpSync(TINY, folder, { recursive: true });
  const path = join(folder, 'model.safetensors');
  const file = await openSafetensors(path);
  const bytes = readFileSync(path);
  bytes.writeUInt16LE(bits, file.info(name).offset + 2 * 77);
  await file.close();
  writeFileSync(path, bytes);
  return folder;
}

test.each([
  [{ quant_bits: 8 }, 0x7fc0],
  [{ quant_bits: 4, quant_group_size: 32 }, 0x7f80],
  [{ quant_bits: 4, quant_group_size: 32 }, 0x7fc0],
  [{ quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 }, 0xff80],
] as const)('quantizing with %j notices %i', async (options, bits) => {
  const model = Model.fromPretrained(await damaged(bits), options);
  await expect(model).rejects.toMatchObject({ code: 'NON_FINITE_WEIGHT', exitCode: 1 });
  await expect(model).rejects.toThrow(
    new RegExp(`model\\.safetensors: tensor '${NAME.replaceAll('.', '\\.')}' holds values that are NaN`),
  );
});

test('a norm is refused at load', async () => {
  const model = Model.fromPretrained(await damaged(0x7fc0, 'model.norm.weight'), {});
  await expect(model).rejects.toThrow(/model\.norm\.weight' holds values that are NaN/);
});

test.each([{}, { dtype: 'fp32' }] as const)('answering with %j names the tensor', async (options) => {
  const model = await Model.fromPretrained(await damaged(0x7fc0), options);
  const chat = await Chat.open(model, {});
  const answer = chat.answer([{ role: 'user', content: 'Hello' }]);
  await expect(answer).rejects.toMatchObject({ code: 'NON_FINITE_WEIGHT' });
  await expect(answer).rejects.toThrow(`the model computes no numbers: tensor '${NAME}' holds`);
  await chat.release();
});

// Vectors, and plain JavaScript.
describe.each([32, 48])('wherever it stands, in every format, groups of %i', (quant_group_size) => {
  const OPTIONS = { quant_group_size, largest_code: 127 };
  const shape = [6, 96];
  const hold: Readonly<Record<string, (values: Float32Array) => Parameters<typeof isFiniteWeight>[0]>> = {
    f32: (data) => ({ format: 'f32', shape, parts: [{ dtype: 'float32', shape, data }] }),
    f16: (values) => ({
      format: 'f16',
      shape,
      parts: [{ dtype: 'uint16', shape, data: f32ToF16(values) }],
    }),
    bf16: (values) => ({
      format: 'bf16',
      shape,
      parts: [{ dtype: 'uint16', shape, data: f32ToBf16(values) }],
    }),
    int8: (values) => new RoundToNearest().quantize(values, shape, { ...OPTIONS, bits: 8 }),
    int4: (values) => new RoundToNearest().quantize(values, shape, { ...OPTIONS, bits: 4 }),
    nf4: (values) => new BitsAndBytes().quantize(values, shape, { ...OPTIONS, bits: 4 }),
  };
  test.each(Object.keys(hold))('%s', (format) => {
    const fine = new Float32Array(6 * 96);
    for (let i = 0; i < fine.length; i++) fine[i] = Math.sin(i) * 1000;
    expect(isFiniteWeight(hold[format](fine))).toBe(true);
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      for (let i = 0; i < fine.length; i++) {
        const values = fine.slice();
        values[i] = bad;
        expect(isFiniteWeight(hold[format](values)), `${bad} at ${i}`).toBe(false);
      }
    }
  });
});
