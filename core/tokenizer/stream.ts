import type { Tokenizer } from '../contracts/tokenizer.js';

/** Decodes token by token. What it has given out never changes, and never ends inside a character. */
export interface TokenStream {
  /** Adds one id and returns the text that became safe to print: often empty, never half a UTF-8 character. */
  push(id: number): string;
  /** Returns what is still held back, a broken character as U+FFFD. Call once, at the end. */
  flush(): string;
  /** Everything given out so far. */
  readonly text: string;
}

/** Some token texts depend on the token before (a SentencePiece word drops its space at the start), so a short
 * window of ids is decoded again at each step and only its growth is given out. */
export function createTokenStream(tokenizer: Tokenizer, { skipSpecialTokens = true } = {}): TokenStream {
  const ids: number[] = [];
  let from = 0; // first id of the window
  let given = 0; // ids whose text is out
  let text = '';
  const decode = (end?: number): string => tokenizer.decode(ids.slice(from, end), { skipSpecialTokens });
  const give = (held: boolean): string => {
    const before = decode(given);
    const now = decode();
    if (held && (now.endsWith('\uFFFD') || now.length <= before.length)) return '';
    const grown = now.slice(before.length);
    from = given;
    given = ids.length;
    text += grown;
    return grown;
  };
  return {
    push(id) {
      ids.push(id);
      return give(true);
    },
    flush: () => (given < ids.length ? give(false) : ''),
    get text() {
      return text;
    },
  };
}
