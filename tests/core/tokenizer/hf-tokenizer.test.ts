import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createTokenStream,
  loadTokenizer,
  saveTokenizer,
  tokenizerFromGguf,
} from '../../../core/tokenizer/index.js';
import { tinyTokenizer, tinyTokenizerFolder } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();

test('special tokens, ids and limits come from the checkpoint files', () => {
  expect(tokenizer.specialTokens).toMatchObject({ bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>' });
  expect(tokenizer.bos_token_id).toBe(tokenizer.tokenToId('<s>'));
  expect(tokenizer.vocabSize).toBe(tokenizer.tokenToId('<tool>')! + 1);
  expect(tokenizer.eos_token_ids).toEqual(['</s>', '<|im_end|>'].map((token) => tokenizer.tokenToId(token)));
  expect(tokenizer.addsBos).toBe(true);
  expect(tokenizer.chat_template).toContain('<|im_start|>');
});

test('encode adds nothing, and special tokens written in the text become their ids', () => {
  expect(tokenizer.encode('')).toEqual([]);
  expect(tokenizer.encode('hello<|im_end|>')).toEqual([
    tokenizer.tokenToId('hello'),
    tokenizer.tokenToId('<|im_end|>'),
  ]);
});

test('decode gives back the text, spaces before punctuation included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.normalize('NFC'));
    }),
  );
  expect(tokenizer.decode(tokenizer.encode('hello , you .'))).toBe('hello , you .');
  expect(tokenizer.decode([])).toBe('');
});

test('skipSpecialTokens leaves out special tokens and keeps ordinary added ones', () => {
  const ids = tokenizer.encode('a<|im_end|><tool>b');
  expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('a<tool>b');
});

test('a stream never gives out half a character and gives out everything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const stream = createTokenStream(tokenizer);
      const parts = tokenizer.encode(text).map((id) => stream.push(id));
      for (const part of parts) expect(part).not.toContain('\uFFFD');
      expect(parts.join('') + stream.flush()).toBe(tokenizer.decode(tokenizer.encode(text)));
      expect(stream.text).toBe(tokenizer.decode(tokenizer.encode(text)));
    }),
  );
});

test('a stream that ends inside a character flushes a replacement character', () => {
  const stream = createTokenStream(tokenizer);
  const [first] = tokenizer.encode('é');
  expect(stream.push(first)).toBe('');
  expect(stream.flush()).toBe('\uFFFD');
});

test('saving copies the files byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  expect(await saveTokenizer(tokenizer, folder)).toEqual(['tokenizer.json', 'tokenizer_config.json']);
  const read = (from: string) => readFile(join(from, 'tokenizer.json'), 'utf8');
  expect(await read(folder)).toBe(await read(tinyTokenizerFolder));
});

test('chat_template.jinja outranks the configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  await saveTokenizer(tokenizer, folder);
  await writeFile(join(folder, 'chat_template.jinja'), 'from the file');
  expect((await loadTokenizer(folder)).chat_template).toBe('from the file');
});

test('errors name the file and the cure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
  await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await writeFile(join(folder, 'tokenizer.json'), '{"model":');
  await expect(loadTokenizer(folder)).rejects.toThrow(/tokenizer\.json is not a JSON object/);
  await writeFile(join(folder, 'tokenizer.json'), '{"added_tokens":[]}');
  await expect(loadTokenizer(folder)).rejects.toThrow(/has no 'model'/);
  expect(() => tokenizerFromGguf({ 'tokenizer.ggml.model': 'gpt2' })).toThrow(
    /no list 'tokenizer\.ggml\.tokens'/,
  );
  expect(() => tokenizerFromGguf({ 'tokenizer.ggml.model': 'wpm', 'tokenizer.ggml.tokens': [] })).toThrow(
    /'wpm'/,
  );
  expect(() =>
    tokenizerFromGguf({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'qwen3',
      'tokenizer.ggml.tokens': [],
      'tokenizer.ggml.merges': [],
    }),
  ).toThrow(/'qwen3', which is not known/);
});

test.each([
  [undefined, '{"eos_token_id": [3, 5], "x": Infinity}', [3, 5]],
  [undefined, '{"eos_token_id": 5}', [5]],
  ['{"eos_token_id": 4}', '{"eos_token_id": [3, 5]}', [4]],
])('stop tokens: generation_config.json %s, config.json %s', async (generation, config, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'swift-stops-'));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await writeFile(join(folder, name), await readFile(join(tinyTokenizerFolder, name)));
  if (generation !== undefined) await writeFile(join(folder, 'generation_config.json'), generation);
  await writeFile(join(folder, 'config.json'), config);
  expect((await loadTokenizer(folder)).eos_token_ids).toEqual(expected);
});

test('generation_config.json says what answers do not hold, and do not begin with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swift-suppressed-'));
  await writeFile(
    join(folder, 'tokenizer.json'),
    await readFile(join(tinyTokenizerFolder, 'tokenizer.json')),
  );
  const said = '{"suppress_tokens": [1, 2], "begin_suppress_tokens": [7]}';
  await writeFile(join(folder, 'generation_config.json'), said);
  const { suppress_tokens, begin_suppress_tokens } = await loadTokenizer(folder);
  expect([suppress_tokens, begin_suppress_tokens]).toEqual([[1, 2], [7]]);
});
