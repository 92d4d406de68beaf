import type { Tokenizer } from '../../core/contracts/tokenizer.js';

/** An id is a code point; a token that a template gives by number is that number in angle brackets. */
export const spellingTokenizer: Tokenizer = {
  vocabSize: 0x110000,
  addsBos: true,
  specialTokens: { bos_token: '<bos>', eos_token: '<eos>' },
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
  decode: (ids) => ids.map((id) => String.fromCodePoint(id)).join(''),
  tokenToId: () => undefined,
  idToToken: (id) => `<${id}>`,
};
