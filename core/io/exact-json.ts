/** JSON read without changing its numbers, and with those that only Python writes: NaN, Infinity, -Infinity. */
import { ExactFloat } from '../exact-numbers.js';

/** What may be a number that JSON.parse would change, or refuse: long ones, whole floats, exponents, words. */
const MAY_CHANGE = /\d{16}|\d\.0|\d[eE]|-0|NaN|Infinity/;
/** Python's own limit for the digits of an integer. */
const MOST_DIGITS = 4300;
/** JSON.parse knows no limit, but what is read must be written again. */
const DEEPEST = 900;

/**
 * `JSON.parse`, but integers beyond 2^53 are bigints, floats without a fraction are {@link ExactFloat}s, and bare NaN and
 * Infinity are numbers.
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return MAY_CHANGE.test(text) ? new Parser(text).parse() : (JSON.parse(text) as unknown);
}

class Parser {
  #at = 0;

  constructor(private readonly text: string) {}

  parse(): unknown {
    const value = this.#value(0);
    if (this.#next() !== '') throw this.#fault();
    return value;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) throw new SyntaxError(`nested more than ${DEEPEST} deep`);
    switch (this.#next()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at++;
    if (this.#take('}')) return {};
    do {
      if (this.#next() !== '"') throw this.#fault();
      const key = this.#string();
      if (!this.#take(':')) throw this.#fault();
      entries.push([key, this.#value(depth + 1)]);
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#fault();
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = [];
    this.#at++;
    if (this.#take(']')) return values;
    do values.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#fault();
    return values;
  }

  #string(): string {
    const start = this.#at;
    let end = this.text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw this.#fault();
    this.#at = end + 1;
    return JSON.parse(this.text.slice(start, end + 1)) as string;
  }

  /** Behind an odd number of backslashes. */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.text[before - 1] === '\\') before--;
    return (at - before) % 2 === 1;
  }

  #scalar(): unknown {
    SCALAR.lastIndex = this.#at;
    const token = SCALAR.exec(this.text)?.[0];
    if (token === undefined) throw this.#fault();
    this.#at += token.length;
    if (/\d/.test(token)) return number(token);
    return token in WORDS ? WORDS[token] : undefined;
  }

  /** The next character that is no white space; empty at the end. */
  #next(): string {
    while (this.#at < this.text.length && ' \t\r\n'.includes(this.text[this.#at])) this.#at++;
    return this.text[this.#at] ?? '';
  }

  #take(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at++;
    return true;
  }

  #fault(): SyntaxError {
    const found = this.text[this.#at];
    return new SyntaxError(
      found === undefined
        ? 'Unexpected end of JSON input'
        : `Unexpected token ${JSON.stringify(found)} at position ${this.#at}`,
    );
  }
}

const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  NaN,
  Infinity,
  '-Infinity': -Infinity,
};
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)(?![\w.+-])/y;

function number(token: string): number | bigint | ExactFloat {
  const value = Number(token);
  if (/[.eE]/.test(token)) return Number.isInteger(value) ? new ExactFloat(value) : value;
  if (Number.isSafeInteger(value)) return value + 0;
  if (token.length > MOST_DIGITS) throw new SyntaxError(`an integer of ${token.length} digits`);
  return BigInt(token);
}
