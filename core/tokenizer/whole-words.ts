/** Added tokens that count only as whole words (`single_word`), which the engine finds inside of words, too. */
import type { AddedTokenJson } from './definition.js';

const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]/u;
/** Stands for such a token where it is a whole word: a character for private use, which no text should hold. */
const FIRST_MARK = 0xf0000;

export class WholeWords {
  readonly #marks = new Map<string, string>();
  readonly #pattern: RegExp;

  private constructor(
    tokens: readonly AddedTokenJson[],
    /** The added tokens, those of whole words by their marks. */
    readonly marked: readonly AddedTokenJson[],
    marks: ReadonlyMap<string, string>,
  ) {
    for (const [content, mark] of marks) this.#marks.set(content, mark);
    const contents = tokens.map(({ content }) => content).filter((content) => content !== '');
    const longestFirst = contents.sort((a, b) => b.length - a.length).map(escaped);
    this.#pattern = new RegExp(longestFirst.join('|'), 'gu');
  }

  /** Undefined where no token is of that kind. */
  static of(tokens: readonly AddedTokenJson[]): WholeWords | undefined {
    const words = tokens.filter(({ single_word, content }) => single_word === true && content !== '');
    if (words.length === 0) return undefined;
    const marks = new Map(words.map(({ content }, i) => [content, String.fromCodePoint(FIRST_MARK + i)]));
    const marked = tokens.map((token) => {
      const mark = token.single_word === true ? marks.get(token.content) : undefined;
      return mark === undefined ? token : { ...token, content: mark, normalized: false };
    });
    return new WholeWords(tokens, marked, marks);
  }

  /** The text with marks where such tokens are whole words. */
  mark(text: string): string {
    return text.replace(this.#pattern, (found, at: number) => {
      const mark = this.#marks.get(found);
      return mark === undefined || touchesWord(text, at, at + found.length) ? found : mark;
    });
  }
}

function touchesWord(text: string, start: number, end: number): boolean {
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1) ?? '';
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  return WORD.test(before) || WORD.test(after);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
