import { expect, test } from 'vitest';
import { withPlaceholders } from '../../../core/tokenizer/index.js';
import { definitionOf } from '../../../core/tokenizer/save.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();

test('a placeholder has an id behind all others and splits the text', async () => {
  const widened = await withPlaceholders(tokenizer, ['<image>']);
  const id = tokenizer.vocabSize;
  expect(widened.tokenToId('<image>')).toBe(id);
  expect(widened.placeholders).toEqual(new Set([id]));
  expect(widened.encode('hello<image>hello')).toEqual([
    ...tokenizer.encode('hello'),
    id,
    ...tokenizer.encode('hello'),
  ]);
});

test('the files of a tokenizer never name its placeholders', async () => {
  const widened = await withPlaceholders(tokenizer, ['<image>']);
  const contents = definitionOf(widened).tokenizer.added_tokens.map(({ content }) => content);
  expect(contents).not.toContain('<image>');
});

test('without placeholders a tokenizer is the same one', async () => {
  expect(await withPlaceholders(tokenizer, [])).toBe(tokenizer);
});
