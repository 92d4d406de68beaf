import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenizeWithMarks } from '../../../core/template/index.js';
import { HfTokenizer } from '../../../core/tokenizer/hf-tokenizer.js';
import type { TokenizerDefinition } from '../../../core/tokenizer/index.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tiny = await tinyTokenizer();
const { definition } = tiny as HfTokenizer;

function variant(change: (tokenizer: TokenizerDefinition['tokenizer']) => object): HfTokenizer {
  return new HfTokenizer({
    ...definition,
    tokenizer: { ...definition.tokenizer, ...change(definition.tokenizer) },
  });
}

const letters = [...'▁ abcdhelortwn\n'];
const vocab = Object.fromEntries([...letters, 'll', '▁h', '▁he', 'he'].map((token, i) => [token, i]));
const sentencePiece = (pre_tokenizer: object | null, normalizer: object | null) =>
  variant(() => ({
    normalizer,
    pre_tokenizer,
    model: {
      type: 'BPE',
      vocab,
      merges: [
        ['l', 'l'],
        ['▁', 'h'],
        ['▁h', 'e'],
        ['h', 'e'],
      ],
      unk_token: 'a',
    },
    added_tokens: ['<s>', '</s>'].map((content, i) => ({
      id: 100 + i,
      content,
      special: true,
      normalized: false,
    })),
  }));
const space = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };

const TOKENIZERS = {
  'byte level': tiny,
  'without known added tokens': { ...tinyMethods(), addedTokens: undefined },
  'added tokens that swallow white space': variant(({ added_tokens }) => ({
    added_tokens: added_tokens.map((token, i) => ({ ...token, lstrip: i % 2 === 0, rstrip: i % 3 === 0 })),
  })),
  'a space before every section': sentencePiece(null, {
    type: 'Sequence',
    normalizers: [{ type: 'Prepend', prepend: '▁' }, space],
  }),
  'a space before the text only': sentencePiece(
    { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
    null,
  ),
};

function tinyMethods() {
  return {
    vocabSize: tiny.vocabSize,
    specialTokens: tiny.specialTokens,
    encode: tiny.encode.bind(tiny),
    decode: tiny.decode.bind(tiny),
    tokenToId: tiny.tokenToId.bind(tiny),
    idToToken: tiny.idToToken.bind(tiny),
  };
}

test('an answer that would join the prompt has the ids that it has inside of a text', () => {
  for (const [prompt, answer] of [
    ['x\n', '\ny'],
    ['he', 'llo'],
    ['<s> ', ' wor'],
  ]) {
    const marks = [{ offset: prompt.length, edge: 'start' }] as const;
    const { ids } = tokenizeWithMarks(prompt + answer, marks, tiny);
    expect(ids).toEqual([...tiny.encode(prompt), ...tiny.encode(answer)]);
    expect(tiny.decode(ids)).toBe(prompt + answer);
  }
  // Alone, this tokenizer would put a space in front of the answer.
  const spaced = TOKENIZERS['a space before the text only'];
  const { ids } = tokenizeWithMarks('hell', [{ offset: 3, edge: 'start' }], spaced);
  expect(ids).toEqual([...spaced.encode('hel'), ...spaced.encode('</s>l').slice(1)]);
  expect(ids.slice(3)).not.toEqual(spaced.encode('l'));
});

const text = fc
  .array(
    fc.constantFrom(
      '<s>',
      '</s>',
      '<|im_end|>',
      '<tool>',
      ' ',
      '  ',
      '\n',
      'hello',
      'he',
      'll',
      ' wor',
      'é',
      '🙂',
      '12',
    ),
  )
  .map((parts) => parts.join(''));

describe.each(Object.entries(TOKENIZERS))('%s', (_, tokenizer) => {
  test('cutting at added tokens changes no id', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizeWithMarks(value, [], tokenizer).ids).toEqual(tokenizer.encode(value));
      }),
      { numRuns: 300 },
    );
  });

  test('no token goes across a start: what stands before has the ids that it has alone', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (value, at) => {
        const offset = Math.min(at, value.length);
        const { ids, at: marks } = tokenizeWithMarks(value, [{ offset, edge: 'start' }], tokenizer);
        const before = tokenizer.encode(value.slice(0, offset));
        expect(ids.slice(0, before.length)).toEqual(before);
        if (offset < value.length) expect(marks).toEqual([before.length]);
      }),
      { numRuns: 300 },
    );
  });

  test('marks lie in order within the ids, and the ends of the text are the ends of the ids', () => {
    fc.assert(
      fc.property(text, fc.nat(40), fc.nat(40), (value, a, b) => {
        const [start, end] = [Math.min(a, b, value.length), Math.min(Math.max(a, b), value.length)];
        const marks = [
          { offset: 0, edge: 'start' },
          { offset: start, edge: 'start' },
          { offset: end, edge: 'end' },
          { offset: value.length, edge: 'end' },
        ] as const;
        const { ids, at } = tokenizeWithMarks(value, marks, tokenizer);
        expect(at[0]).toBe(0);
        expect(at[3]).toBe(ids.length);
        expect(at[1]).toBeLessThanOrEqual(ids.length);
        if (start < end) expect(at[1]).toBeLessThanOrEqual(at[2]);
      }),
      { numRuns: 300, examples: [['🙂  🙂', 4, 5]] },
    );
  });
});
