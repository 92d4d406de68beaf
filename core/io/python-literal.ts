/** Lists and dictionaries as Python's `repr` writes them, which is what pandas puts into csv files. */
import { parseExactJson } from './exact-json.js';

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/y;
const WORD = /(?:True|False|None)(?!\w)/y;
/** A piece of a text between quotes: an escape, or anything up to the next one. */
const PIECES: Readonly<Record<string, RegExp>> = {
  "'": /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])|[^\\'\n]+/y,
  '"': /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])|[^\\"\n]+/y,
};
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const WORDS: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
const DEEPEST = 100;

/**
 * Lists, tuples, dictionaries, texts, numbers, True, False and None.
 *
 * @throws SyntaxError
 */
export function parsePythonLiteral(text: string): unknown {
  let at = 0;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const next = (): string => {
    match(SPACE);
    return text[at] ?? '';
  };
  const take = (character: string): boolean => {
    if (next() !== character) return false;
    at++;
    return true;
  };
  const fault = (): SyntaxError => new SyntaxError(`no Python literal at character ${at + 1}`);

  function value(depth: number): unknown {
    if (depth > DEEPEST) throw fault();
    const first = next();
    if (take('[')) return list(']', depth);
    if (take('(')) return list(')', depth);
    if (take('{')) return dictionary(depth);
    if (first === "'" || first === '"') return string();
    const word = match(WORD);
    if (word !== undefined) return WORDS[word];
    const digits = match(NUMBER);
    if (digits === undefined) throw fault();
    return parseExactJson(digits);
  }

  function list(end: string, depth: number): unknown[] {
    const values: unknown[] = [];
    while (!take(end)) {
      values.push(value(depth + 1));
      if (!take(',') && next() !== end) throw fault();
    }
    return values;
  }

  function dictionary(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!take('}')) {
      const quote = next();
      if (quote !== "'" && quote !== '"') throw fault();
      const key = string();
      if (!take(':')) throw fault();
      entries.push([key, value(depth + 1)]);
      if (!take(',') && next() !== '}') throw fault();
    }
    return Object.fromEntries(entries);
  }

  function string(): string {
    const quote = text[at++];
    const pieces: string[] = [];
    for (let piece = match(PIECES[quote]); piece !== undefined; piece = match(PIECES[quote])) {
      pieces.push(piece.startsWith('\\') ? unescaped(piece) : piece);
    }
    if (text[at++] !== quote) throw fault();
    return pieces.join('');
  }

  function unescaped(escape: string): string {
    if (escape.length > 2) return String.fromCodePoint(Math.min(parseInt(escape.slice(2), 16), 0x10ffff));
    if (escape[1] in ESCAPES) return ESCAPES[escape[1]];
    throw fault();
  }

  const read = value(0);
  if (next() !== '') throw fault();
  return read;
}
