import type { Tokenizer } from '../contracts/tokenizer.js';
import type { AddedTokenJson } from './definition.js';
import { definitionOf } from './save.js';
import { AS_IT_IS } from './special-tokens.js';

/** A tokenizer that knows these tokens besides, by ids behind all others; its files stay as they are. The same where there are none. @throws SwiftError */
export async function withPlaceholders(tokenizer: Tokenizer, wanted: readonly string[]): Promise<Tokenizer> {
  if (wanted.length === 0) return tokenizer;
  const { HfTokenizer } = await import('./hf-tokenizer.js');
  const first = tokenizer.vocabSize;
  const placeholders = wanted.map((content, i): AddedTokenJson => ({ id: first + i, content, ...AS_IT_IS }));
  return new HfTokenizer({ ...definitionOf(tokenizer), placeholders });
}
