import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bf16ToF32 } from '../../../core/io/dtypes.js';
import { loadModel } from '../../../core/model/load-model.js';
import { writeModelFolder } from '../../../core/model/write-model.js';
import { services } from '../../../core/sdk/default-services.js';
import { loadTokenizer, saveTokenizer } from '../../../core/tokenizer/index.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const TINY = fileURLToPath(new URL('../../../assets/models/swift-tiny', import.meta.url));
const folder = temporaryFolder();
const said: string[] = [];
const own = services({ log: { info: (line) => void said.push(line), warn: () => undefined } });
const load = (told: object, source = TINY) =>
  loadModel({ model_id_or_path: source, use_hf: true, ...told }, own);
const NEW = { new_special_tokens: ['<a>', '<|b c|>'] };
const { vocab_size: ROWS, hidden_size: WIDTH } = JSON.parse(
  readFileSync(join(TINY, 'config.json'), 'utf8'),
) as {
  vocab_size: number;
  hidden_size: number;
};

async function tableOf(told: object, source?: string): Promise<Float32Array> {
  const { model } = await load({ dtype: 'fp32', ...told }, source);
  const [, table] = [...model.namedParameters()].find(([name]) => name === 'model.embed_tokens.weight')!;
  return table.data!;
}

describe('new special tokens', () => {
  test('are tokens of the tokenizer, behind the last; the embedding grows by rows that are the mean of the others', async () => {
    const { model, tokenizer, config } = await load(NEW);
    expect(tokenizer.encode('x<a><|b c|>').slice(-2)).toEqual([ROWS, ROWS + 1]);
    expect(tokenizer.decode([ROWS, ROWS + 1], { skipSpecialTokens: true })).toBe('');
    expect([model.shape.vocab_size, config.vocab_size, model.new_tokens]).toEqual([
      ROWS + 2,
      ROWS + 2,
      [ROWS, ROWS + 1],
    ]);
    expect(said).toContain(
      `model: 2 tokens are new (ids ${ROWS}, ${ROWS + 1}): embedding and head grow from ${ROWS} to ${ROWS + 2} rows`,
    );
    const [before, grown] = [await tableOf({}), await tableOf(NEW)];
    expect(grown.subarray(0, before.length)).toEqual(before);
    for (let i = 0; i < WIDTH; i++) {
      let sum = 0;
      for (let row = 0; row < ROWS; row++) sum += before[row * WIDTH + i];
      expect(grown[ROWS * WIDTH + i]).toBe(Math.fround(sum / ROWS));
      expect(grown[(ROWS + 1) * WIDTH + i]).toBe(Math.fround(sum / ROWS));
    }
  });

  test('in 16 bits as in the file, rounded; in int8, by rows of their own; mapped, in memory', async () => {
    const plain = await tableOf(NEW);
    const { model } = await load({ ...NEW, dtype: 'bf16' });
    const [, halves] = [...model.namedParameters()].find(([name]) => name === 'model.embed_tokens.weight')!;
    const bits = halves.weight.parts[0].data as Uint16Array;
    expect(bf16ToF32(bits)[ROWS * WIDTH]).toBeCloseTo(plain[ROWS * WIDTH], 3);
    const quantized = await load({ ...NEW, quant_bits: 8 });
    expect(quantized.model.shape.vocab_size).toBe(ROWS + 2);
    const mapped = await load({ ...NEW, leave_in_files: true });
    expect(mapped.model.shape.vocab_size).toBe(ROWS + 2);
  });

  test('are in the files of a written model, which then lacks none', async () => {
    const { model, tokenizer, config, origin } = await load(NEW);
    const out = join(folder, 'whole');
    cpSync(TINY, out, { recursive: true });
    await writeModelFolder(out, { model, config, tokenizer, origin });
    said.length = 0;
    const again = await load(NEW, out);
    expect([again.model.shape.vocab_size, again.model.new_tokens]).toEqual([ROWS + 2, []]);
    expect(again.tokenizer.encode('<a>')).toEqual([ROWS]);
    expect(said.filter((line) => line.includes('new'))).toEqual([]);
    const beside = join(folder, 'beside');
    await saveTokenizer(tokenizer, beside);
    expect((await loadTokenizer(beside)).encode('<|b c|>')).toEqual([ROWS + 1]);
    expect(existsSync(join(beside, 'tokenizer_config.json'))).toBe(true);
  });

  test('that the tokenizer has are not new; a word of its vocabulary keeps its id', async () => {
    const { tokenizer } = await load({});
    const id = 300;
    const word = tokenizer.idToToken(id)!;
    const { model, tokenizer: named } = await load({ new_special_tokens: [tokenizer.idToToken(0)!, word] });
    expect([model.shape.vocab_size, model.new_tokens]).toEqual([ROWS, [id]]);
    expect(named.encode(word)).toEqual([id]);
  });

  test('rows that a model has beyond its tokenizer are taken as they are', async () => {
    const padded = join(folder, 'padded');
    const all = await load({ new_special_tokens: ['<x>', '<y>'], dtype: 'fp32' });
    cpSync(TINY, padded, { recursive: true });
    await writeModelFolder(padded, all);
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      writeFileSync(join(padded, name), readFileSync(join(TINY, name)));
    const before = await tableOf({}, padded);
    expect(await tableOf({ new_special_tokens: ['<z>'] }, padded)).toEqual(before);
  });

  test.each([
    [['a b ', 'c'], "'a b ' is no token"],
    [['<a>', '<a>'], "'<a>' is there twice"],
  ])('%j: %s', async (new_special_tokens, message) => {
    await expect(load({ new_special_tokens })).rejects.toThrow(message);
  });
});
