/** Files of a tokenizer that are not what their names say end in an error that names them, or in a tokenizer. */
import fc from 'fast-check';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSwiftError } from '../../../core/errors.js';
import { createJinjaTemplate } from '../../../core/template/index.js';
import { loadTokenizer } from '../../../core/tokenizer/index.js';

const TINY = new URL('../../../assets/models/swift-tiny/', import.meta.url);
const NAMES = ['tokenizer.json', 'tokenizer_config.json', 'generation_config.json'];
const texts = Object.fromEntries(NAMES.map((name) => [name, readFileSync(new URL(name, TINY), 'utf8')]));
const small = {
  ...(JSON.parse(texts['tokenizer.json']) as object),
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b']] },
  added_tokens: [{ id: 3, content: '<x>', special: true }],
};

function folderWith(changed: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'swift-damaged-'));
  for (const name of NAMES) {
    writeFileSync(join(folder, name), name in changed ? JSON.stringify(changed[name]) : texts[name]);
  }
  return folder;
}

test.each<[name: string, value: unknown, message: RegExp]>([
  ['tokenizer.json', null, /tokenizer\.json is not a JSON object/],
  ['tokenizer.json', [], /tokenizer\.json is not a JSON object/],
  ['tokenizer.json', { model: 5 }, /has no 'model' object/],
  ['tokenizer.json', { ...small, added_tokens: {} }, /'added_tokens' that is not a list/],
  [
    'tokenizer.json',
    { ...small, added_tokens: [{ id: 1e9, content: 'x' }] },
    /'added_tokens\[0\]' that is not/,
  ],
  [
    'tokenizer.json',
    { ...small, added_tokens: [{ id: -5, content: 'x' }] },
    /'added_tokens\[0\]' that is not/,
  ],
  ['tokenizer.json', { ...small, added_tokens: [{ id: 1, content: 5 }] }, /'added_tokens\[0\]' that is not/],
  ['tokenizer.json', { ...small, model: { vocab: 'x' } }, /'model\.vocab' that is not/],
  ['tokenizer.json', { ...small, model: { vocab: { a: 1e12 } } }, /'model\.vocab\.a' that is not an id/],
  ['tokenizer.json', { ...small, model: { vocab: {}, merges: [5] } }, /'model\.merges' that is not/],
  ['tokenizer.json', { ...small, decoder: 'x' }, /'decoder' that is not null or an object with a type/],
  ['tokenizer_config.json', { added_tokens_decoder: { x: {} } }, /'added_tokens_decoder' that is not/],
  ['tokenizer_config.json', 7, /tokenizer_config\.json is not a JSON object/],
])('%s as %j', async (name, value, message) => {
  await expect(loadTokenizer(folderWith({ [name]: value }))).rejects.toMatchObject({
    code: 'BAD_FILE',
    message: expect.stringMatching(message),
  });
});

/** A value with one of its parts replaced. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (path.length === 0 || keys.length === 0) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  const key = keys[path[0] % keys.length];
  copy[key] = replaced(copy[key], path.slice(1), by);
  return copy;
}

test('any part of any file may be anything', async () => {
  const anything = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      [],
      {},
      -1,
      1e9,
      0.5,
      '',
      'x',
      true,
      [[]],
      [null],
      { type: 'x' },
      '{% for %}',
    ),
    fc.constantFrom<unknown>({ type: 'Sequence' }, { type: 'Split', pattern: {} }, { type: 'Replace' }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const path = fc.array(fc.nat(100), { minLength: 1, maxLength: 5 });
  const whole: Record<string, unknown> = { 'tokenizer.json': small };
  for (const name of NAMES.slice(1)) whole[name] = JSON.parse(texts[name]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), path, anything, async (name, at, by) => {
      const folder = folderWith({ ...whole, [name]: replaced(whole[name], at, by) });
      try {
        const tokenizer = await loadTokenizer(folder);
        tokenizer.decode(tokenizer.encode('abba <x> é'));
        const template = await createJinjaTemplate(tokenizer);
        template.encode(
          {
            messages: [
              { role: 'user', content: 'ab' },
              { role: 'assistant', content: 'b' },
            ],
          },
          tokenizer,
        );
      } catch (error) {
        if (!isSwiftError(error)) throw error;
      }
    }),
    { numRuns: 400, seed: 11 },
  );
});
