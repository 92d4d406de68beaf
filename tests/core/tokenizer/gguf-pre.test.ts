/** Each `tokenizer.ggml.pre` against the tokenizers library, with a vocabulary that it learned. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tokenizerFromGguf } from '../../../core/tokenizer/index.js';

interface Case {
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
  readonly ids: readonly number[];
}

const file = new URL('../../fixtures/tokenizers/gguf-pre.json', import.meta.url);
const { text, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  text: string;
  cases: Record<string, Case>;
};

test.each(Object.entries(cases))('%s', (pre, { tokens, merges, ids }) => {
  const tokenizer = tokenizerFromGguf({
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': tokens.map(() => 1),
    'tokenizer.ggml.merges': merges,
  });
  expect(tokenizer.encode(text)).toEqual(ids);
  expect(tokenizer.decode(ids)).toBe(pre === 'qwen2' || pre === 'olmo' ? text.normalize('NFC') : text);
});
