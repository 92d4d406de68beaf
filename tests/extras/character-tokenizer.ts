/** A tokenizer whose ids are code points, so that a template's ids are its text. */
import type { Tokenizer } from '../../core/contracts/tokenizer.js';

const FIRST_STOP = 0x110000;

export function characterTokenizer({
  specialTokens = {},
  stops = [],
  chat_template,
}: {
  readonly specialTokens?: Readonly<Record<string, string>>;
  /** Texts that end generation; tokens by name only. */
  readonly stops?: readonly string[];
  readonly chat_template?: string;
}): Tokenizer {
  return {
    vocabSize: FIRST_STOP + stops.length,
    specialTokens,
    chat_template,
    eos_token_ids: stops.map((_, i) => FIRST_STOP + i),
    encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
    decode: (ids) => ids.map((id) => String.fromCodePoint(id)).join(''),
    tokenToId: () => undefined,
    idToToken: (id) => stops[id - FIRST_STOP],
  };
}
