import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTokenizer, saveTokenizer, tokenizerFromGguf } from '../../core/tokenizer/index.js';
import { realTokenizer, realTokenizerFolder } from '../extras/tokenizers.js';
import type { RealTokenizer } from '../extras/tokenizers.js';

interface Json {
  model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
  added_tokens: { id: number; content: string; special: boolean }[];
}

const TEXTS = [
  'The quick brown fox jumps over 13 lazy dogs, 1234567 times; isn’t it?',
  '  leading and   inner   spaces\n\n\ttabs and\r\nlines  ',
  '你好，世界！今天天气怎么样？ これはテストです。 한국어',
  'naïve café ﬁ Å e\u0301 🙂👩‍👩‍👧 \u0000 \u200b',
  'x = [i**2 for i in range(10)]  # code\nif __name__ == "__main__":\n    main()',
];

/** Metadata as a converter would write it, from the same vocabulary. */
async function ggufMetadata(name: RealTokenizer, pre: string | undefined): Promise<Record<string, unknown>> {
  const json = JSON.parse(await readFile(join(realTokenizerFolder(name), 'tokenizer.json'), 'utf8')) as Json;
  const ids = [...Object.values(json.model.vocab), ...json.added_tokens.map(({ id }) => id)];
  const size = ids.reduce((most, id) => Math.max(most, id + 1), 0);
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(size).fill(5);
  for (const [token, id] of Object.entries(json.model.vocab)) {
    tokens[id] = token;
    types[id] = /^<0x[0-9A-F]{2}>$/.test(token) ? 6 : 1;
  }
  for (const { id, content, special } of json.added_tokens) {
    tokens[id] = content;
    types[id] = content === '<unk>' ? 2 : special ? 3 : 4;
  }
  const common = { 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.token_type': types };
  if (pre === undefined) {
    return {
      ...common,
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.scores': Float32Array.from(tokens, (token, id) =>
        /^▁▁+$/.test(token) ? -1e9 : 259 - id,
      ),
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
    };
  }
  const eos = tokens.findIndex((token) => token === '<|im_end|>' || token === '<|eot_id|>');
  return {
    ...common,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.merges': json.model.merges.map((merge) =>
      typeof merge === 'string' ? merge : merge.join(' '),
    ),
    'tokenizer.ggml.eos_token_id': eos,
    'tokenizer.chat_template': '{{ messages }}',
  };
}

describe.each([
  ['qwen3', 'qwen2'],
  ['llama3_1', 'llama-bpe'],
  ['deepseek_v3', 'deepseek-v3'],
  ['llama2', undefined],
] as const)('GGUF metadata of %s', (name, pre) => {
  test('gives the ids of tokenizer.json, also after saving and loading', async () => {
    const expected = await realTokenizer(name);
    const built = tokenizerFromGguf(await ggufMetadata(name, pre));
    const folder = await mkdtemp(join(tmpdir(), 'gguf-tokenizer-'));
    await saveTokenizer(built, folder);
    const saved = await loadTokenizer(folder);
    for (const text of TEXTS) {
      const ids = expected.encode(text);
      expect(built.encode(text)).toEqual(ids);
      expect(saved.encode(text)).toEqual(ids);
      expect(built.decode(ids)).toBe(expected.decode(ids));
    }
    expect(saved.eos_token_id).toBe(built.eos_token_id);
    expect(saved.addsBos).toBe(pre === undefined);
    expect(saved.chat_template).toBe(built.chat_template);
  });
});
