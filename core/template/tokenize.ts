/** Texts to ids, and where marked places of a text are among them. */
import type { Tokenizer } from '../contracts/tokenizer.js';

/**
 * Tokenizes a text and tells at which token each mark (an offset in UTF-16 units) falls.
 *
 * No token goes across a `start` mark: what stands before an answer is tokenized as the prompt for it is, which ends
 * there. Between these places the text is tokenized as a whole, so its ids are those of the rendered conversation. A
 * token that spans an `end` mark ends before it, and so does one that an `inside` mark falls into: it belongs to the stretch
 * that it begins in.
 *
 * @param limit of tokens behind which the rest is left out: the text is longer than is wanted then.
 */
export function tokenizeWithMarks(
  text: string,
  marks: readonly Mark[],
  tokenizer: Tokenizer,
  limit = Infinity,
): MarkedIds {
  const ids: number[] = [];
  const at: number[] = new Array<number>(marks.length).fill(-1);
  const inOrder = marks.map(({ offset, edge }, m) => ({ offset, edge, m }));
  inOrder.sort((a, b) => a.offset - b.offset);
  const starts = inOrder.filter(({ edge }) => edge === 'start');
  const ends = inOrder.filter(({ edge }) => edge !== 'start');
  let [nextStart, nextEnd, lastAdded] = [0, 0, 0];
  const cuts = starts.map(({ offset }) => offset);
  for (const [start, end] of sections(text.length, cuts)) {
    for (; starts[nextStart]?.offset <= start; nextStart++) at[starts[nextStart].m] = ids.length;
    const cells = cut(text.slice(start, end), tokenizer);
    const context = text.slice(lastAdded, start);
    for (const [i, cell] of cells.entries()) {
      const cellIds = idsOf(cells, i, context, tokenizer);
      const [from, to] = [start + cell.start, start + cell.start + cell.text.length];
      for (; ends[nextEnd]?.offset <= to; nextEnd++) {
        const { offset, edge, m } = ends[nextEnd];
        const find = edge === 'inside' ? begunBefore : locate;
        at[m] = ids.length + find(cell, offset - from, cellIds, tokenizer);
      }
      for (const id of cellIds) ids.push(id);
      if (ids.length > limit) break;
      if (cell.added) lastAdded = from;
    }
    if (ids.length > limit) break;
  }
  const found = at.map((index) => (index < 0 ? ids.length : index));
  return { ids, at: found.map((index, m) => Math.max(index, lastStart(marks, found, m))) };
}

/** Ids of a text of which no token goes across a cut. */
export function tokenize(text: string, cuts: readonly number[], tokenizer: Tokenizer): number[] {
  const marks = cuts.map((offset) => ({ offset, edge: 'start' as const }));
  return tokenizeWithMarks(text, marks, tokenizer).ids;
}

/** The stretches between cuts. */
function sections(length: number, cuts: readonly number[]): [start: number, end: number][] {
  const inside = [...new Set(cuts)].filter((offset) => offset > 0 && offset < length).sort((a, b) => a - b);
  return [0, ...inside].map((start, i) => [start, inside[i] ?? length]);
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
  readonly edge: 'start' | 'end' | 'inside';
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

/** Number of the cell's tokens before the end of an answer; a token that spans it is the answer's. */
function locate(cell: Cell, offset: number, ids: readonly number[], tokenizer: Tokenizer): number {
  if (offset === 0) return 0;
  if (offset === cell.text.length || cell.added) return ids.length;
  return ids.length - sharedEnd(ids, tokenizer.encode(cell.text.slice(offset)));
}

/** Number of the cell's tokens that begin before an offset of its text, which tells by what they spell. */
function begunBefore(cell: Cell, offset: number, ids: readonly number[], tokenizer: Tokenizer): number {
  if (offset === 0) return 0;
  if (offset === cell.text.length || cell.added) return ids.length;
  if (spelled(cell.text, ids, ids.length, tokenizer) !== cell.text.length) {
    return locate(cell, offset, ids, tokenizer);
  }
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spelled(cell.text, ids, middle, tokenizer) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How much of a text its first tokens spell; some tokenizers leave out the space in front. */
function spelled(text: string, ids: readonly number[], count: number, tokenizer: Tokenizer): number {
  const said = tokenizer.decode(ids.slice(0, count));
  return Math.max(sharedStart(said, text), sharedStart(` ${said}`, text));
}

function sharedStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

function sharedEnd(a: readonly number[], b: readonly number[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

/** Ids of a cell as they are behind `before`, the text from the last added token up to the section that the cells are of. */
function idsOf(cells: readonly Cell[], i: number, before: string, tokenizer: Tokenizer): readonly number[] {
  if (cells[i].added) return tokenizer.encode(cells[i].text);
  return i > 0 || before === '' ? encodeBetween(cells, i, tokenizer) : goingOn(before, cells, tokenizer);
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

/**
 * Ids of a section's first cell: what it adds to the ids of the text before it. Where it would change those (an answer
 * that begins with a line break, after a prompt that ends with one), the ids it has behind an added token, which are
 * those inside a text, or the ids it has alone.
 */
function goingOn(context: string, [cell, next]: readonly Cell[], tokenizer: Tokenizer): readonly number[] {
  const text = cell.text + (next?.text ?? '');
  const until = next === undefined ? undefined : -1;
  const known = tokenizer.encode(context);
  const whole = tokenizer.encode(context + text);
  if (known.every((id, i) => whole[i] === id)) return whole.slice(known.length, until);
  for (const token of safeCuts(tokenizer).slice(0, MOST_CONTEXTS)) {
    const ids = tokenizer.encode(token + text).slice(1, until);
    if (tokenizer.decode(ids) === cell.text) return ids;
  }
  return tokenizer.encode(text).slice(0, until);
}

/** Added tokens that are tried as neutral context. */
const MOST_CONTEXTS = 8;

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
  const escaped = safeCuts(tokenizer)
    .toSorted((a, b) => b.length - a.length)
    .map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'g');
  patterns.set(tokenizer, pattern);
  return pattern;
}

const safe = new WeakMap<Tokenizer, readonly string[]>();

/** Added tokens that are found wherever they stand; some only at the start of a word, and are no place to cut. */
function safeCuts(tokenizer: Tokenizer): readonly string[] {
  const known = safe.get(tokenizer);
  if (known !== undefined) return known;
  const found = (tokenizer.addedTokens ?? []).filter((token) => {
    const alone = tokenizer.encode(token);
    return alone.length === 1 && tokenizer.encode(`x${token}x`).includes(alone[0]);
  });
  safe.set(tokenizer, found);
  return found;
}
