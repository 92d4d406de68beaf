/** What is remembered changes no id: the engine as it comes is the oracle, on real and hand-made tokenizers. */
import * as library from '@huggingface/tokenizers';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { speedUp, type SlowEngine } from '../../../core/tokenizer/faster-engine.js';
import { realTokenizerFolder, tinyTokenizerFolder, type RealTokenizer } from '../../extras/tokenizers.js';

interface Engine extends SlowEngine {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
}
const { Tokenizer } = library as unknown as { Tokenizer: new (json: object, config: object) => Engine };

const REAL: RealTokenizer[] = ['llama2', 'qwen3', 'gemma3'];
const SP = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
/** Words that merges join, and merges of equal letters, whose order tells. */
const JOINS = {
  normalizer: SP,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  added_tokens: [],
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(
      ['a', 'b', 'n', '▁', '▁a', 'aa', 'n▁', 'n▁a', '▁▁', 'ab', '▁ab', 'aaa'].map((token, id) => [token, id]),
    ),
    merges: ['▁ ▁', 'n ▁', 'n▁ a', 'a a', '▁ a', 'a b', 'aa a', '▁a b'],
    unk_token: 'b',
  },
};

const read = (folder: string, name: string): object =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
const filesOf = (folder: string): [object, object] => [
  read(folder, 'tokenizer.json'),
  read(folder, 'tokenizer_config.json'),
];

const words = fc.constantFrom(
  'the',
  ' ',
  '  ',
  '\n',
  'quick',
  'Über',
  '中文',
  '😀',
  "it's",
  '12345',
  'a',
  'n',
  '<b>',
  '▁',
);
const texts = fc.oneof(
  fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom('a', 'b', 'n', ' ', '  '), { maxLength: 40 }).map((parts) => parts.join('')),
);

test.each<[string, () => [object, object]]>([
  ['words that merges join', () => [JOINS, {}]],
  ['tiny', () => filesOf(tinyTokenizerFolder)],
  ...REAL.map((name): [string, () => [object, object]] => [name, () => filesOf(realTokenizerFolder(name))]),
])('%s', (_, files) => {
  const [plain, fast] = [new Tokenizer(...files()), new Tokenizer(...files())];
  speedUp(fast);
  const ids = (engine: Engine, text: string) => engine.encode(text, { add_special_tokens: false }).ids;
  fc.assert(
    fc.property(texts, (text) => {
      const expected = ids(plain, text);
      // The second time from memory.
      expect(ids(fast, text)).toEqual(expected);
      expect(ids(fast, text)).toEqual(expected);
    }),
    { numRuns: 400, seed: 5 },
  );
});
