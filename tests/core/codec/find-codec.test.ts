import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findCodec } from '../../../core/codec/find-codec.js';
import { plugins } from '../../../parity/cases.js';

const path = mkdtempSync(join(tmpdir(), 'swift-codec-'));
const found = (quantization_config?: unknown) =>
  findCodec({ config: { quantization_config }, path }, plugins());

test('a codec is found by what config.json says', async () => {
  expect(await found()).toBeUndefined();
  expect(await found(null)).toBeUndefined();
  expect((await found({ quant_method: 'gptq', bits: 4 }))?.id).toBe('gptq');
  await expect(found('gptq')).rejects.toMatchObject({ code: 'BAD_FILE' });
  await expect(found({ quant_method: 'eetq' })).rejects.toMatchObject({ code: 'UNSUPPORTED_MODEL' });
  await expect(found({ quant_method: 'gptq', bits: 7 })).rejects.toThrow(/bits is 7, expected 2, 3, 4 or 8/);
});

test('older checkpoints say it in a file beside', async () => {
  writeFileSync(join(path, 'quant_config.json'), '{"zero_point": true, "q_group_size": 128, "w_bit": 4}');
  expect((await found())?.id).toBe('awq');
  writeFileSync(join(path, 'quant_config.json'), '[');
  await expect(found()).rejects.toThrow(/quant_config\.json is no JSON object/);
});
