/** Added tokens of every kind, against transformers and the Rust tokenizers. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../../../core/tokenizer/index.js';
import { tinyTokenizerFolder } from '../../extras/tokenizers.js';

interface Case {
  readonly added?: readonly object[];
  readonly config?: object;
  /** New tokens and their ids. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Of each text. */
  readonly ids: readonly (readonly number[])[];
}

const { texts, cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/tokenizers/added-tokens.json', import.meta.url), 'utf8'),
) as { readonly texts: readonly string[]; readonly cases: readonly Case[] };

async function changed({ added = [], config = {} }: Case): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swift-tokens-'));
  await cp(tinyTokenizerFolder, folder, { recursive: true });
  const edit = async (name: string, change: (file: Record<string, unknown>) => object): Promise<void> => {
    const file = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    await writeFile(join(folder, name), JSON.stringify(change(file)));
  };
  await edit('tokenizer.json', (file) => ({
    ...file,
    added_tokens: [...(file.added_tokens as object[]), ...added],
  }));
  await edit('tokenizer_config.json', (file) => ({ ...file, ...config }));
  return folder;
}

test.each(cases.map((each, i) => [`${i}: ${JSON.stringify(each.added ?? each.config)}`, each] as const))(
  '%s',
  async (_, each) => {
    const folder = await changed(each);
    try {
      const tokenizer = await loadTokenizer(folder);
      expect(texts.map((text) => tokenizer.encode(text))).toEqual(each.ids);
      for (const [token, id] of Object.entries(each.tokens)) {
        expect(tokenizer.tokenToId(token)).toBe(id);
        expect(tokenizer.decode([id])).toBe(token);
        expect(tokenizer.addedTokens).toContain(token);
      }
      expect(tokenizer.vocabSize).toBeGreaterThan(Math.max(...Object.values(each.tokens)));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
