import type { Tokenizer } from '../contracts/tokenizer.js';

/**
 * Tokenizes a text once, as a whole, and tells at which token each mark (an offset in UTF-16 units) falls.
 *
 * Ids therefore equal those of the rendered conversation, which is what a server that runs the model's own chat
 * template feeds it. Only added tokens cut the text: text on both sides of any other boundary is tokenized
 * together, and a token that spans a mark counts as beginning after a `start` and ending before an `end` mark.
 */
export function tokenizeWithMarks(text: string, marks: readonly Mark[], tokenizer: Tokenizer): MarkedIds {
  const ids: number[] = [];
  const at: number[] = new Array<number>(marks.length).fill(-1);
  const cells = cut(text, tokenizer);
  cells.forEach((cell, i) => {
    const cellIds = cell.added ? tokenizer.encode(cell.text) : encodeBetween(cells, i, tokenizer);
    marks.forEach(({ offset, edge }, m) => {
      const inside = offset - cell.start;
      if (at[m] >= 0 || inside < 0 || inside > cell.text.length) return;
      // A start mark at the end of a cell belongs to the next one, if there is one.
      if (inside === cell.text.length && edge === 'start' && i + 1 < cells.length) return;
      at[m] = ids.length + locate(cell, inside, edge, cellIds, tokenizer);
    });
    ids.push(...cellIds);
  });
  const found = at.map((index) => (index < 0 ? ids.length : index));
  return { ids, at: found.map((index, m) => Math.max(index, lastStart(marks, found, m))) };
}

/** Where an end mark's nearest start lies: tokens that share one character's bytes can be told apart from neither side. */
function lastStart(marks: readonly Mark[], at: readonly number[], m: number): number {
  if (marks[m].edge === 'start') return 0;
  for (let i = m - 1; i >= 0; i--) {
    if (marks[i].edge === 'start' && marks[i].offset < marks[m].offset) return at[i];
  }
  return 0;
}

export interface Mark {
  readonly offset: number;
  readonly edge: 'start' | 'end';
}

export interface MarkedIds {
  readonly ids: number[];
  /** For each mark the index of the first token at or after it. */
  readonly at: number[];
}

interface Cell {
  readonly text: string;
  readonly start: number;
  readonly added: boolean;
}

/** Number of the cell's tokens before an offset; a token that spans it is kept on the supervised side. */
function locate(cell: Cell, offset: number, edge: Mark['edge'], ids: number[], tokenizer: Tokenizer): number {
  if (offset === 0) return 0;
  if (offset === cell.text.length || cell.added) return ids.length;
  if (edge === 'start') return sharedStart(ids, tokenizer.encode(cell.text.slice(0, offset)));
  return ids.length - sharedEnd(ids, tokenizer.encode(cell.text.slice(offset)));
}

function sharedStart(a: readonly number[], b: readonly number[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

function sharedEnd(a: readonly number[], b: readonly number[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

/**
 * Ids of a cell as they are inside the whole text. Some tokenizers treat the start of a text specially (a space in
 * front) and some added tokens swallow the white space beside them, so the neighbours are encoded along.
 */
function encodeBetween(cells: readonly Cell[], i: number, tokenizer: Tokenizer): number[] {
  const before = cells[i - 1]?.text ?? '';
  const after = cells[i + 1]?.text ?? '';
  const ids = tokenizer.encode(before + cells[i].text + after);
  return ids.slice(before === '' ? 0 : 1, after === '' ? undefined : -1);
}

/** Splits a text at the tokenizer's added tokens, the longest first where several begin at one place. */
function cut(text: string, tokenizer: Tokenizer): Cell[] {
  const pattern = patternOf(tokenizer);
  if (pattern === undefined) return text === '' ? [] : [{ text, start: 0, added: false }];
  const cells: Cell[] = [];
  let start = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > start) cells.push({ text: text.slice(start, match.index), start, added: false });
    cells.push({ text: match[0], start: match.index, added: true });
    start = match.index + match[0].length;
  }
  if (start < text.length) cells.push({ text: text.slice(start), start, added: false });
  return cells;
}

const patterns = new WeakMap<Tokenizer, RegExp | undefined>();

function patternOf(tokenizer: Tokenizer): RegExp | undefined {
  if (patterns.has(tokenizer)) return patterns.get(tokenizer);
  const escaped = (tokenizer.addedTokens ?? [])
    .filter((token) => isSafeCut(token, tokenizer))
    .sort((a, b) => b.length - a.length)
    .map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'g');
  patterns.set(tokenizer, pattern);
  return pattern;
}

/** Some tokenizers find an added token only at the start of a word; such a token is no place to cut. */
function isSafeCut(token: string, tokenizer: Tokenizer): boolean {
  const alone = tokenizer.encode(token);
  return alone.length === 1 && tokenizer.encode(`x${token}x`).includes(alone[0]);
}
