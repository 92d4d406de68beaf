/** Whether two answers come to the same, as mathematics. */
import { ExactFloat, SwiftError, type JudgedAnswer, type RawRow } from 'swift-ts/plugin';
import { readMath, type MathValue } from './_math-text.js';

/** 1 where an answer comes to what its row says, 0 where not; null where the row holds nothing that can be compared. @throws SwiftError BAD_ROW */
export async function accuracies(answers: readonly JudgedAnswer[]): Promise<(number | null)[]> {
  const results: (number | null)[] = [];
  for (const { asked, text } of answers) {
    const right = await readMath(finalAnswer(rightAnswer(asked.columns, asked.expected)));
    if (right === undefined) results.push(null);
    else results.push(isSame(await readMath(finalAnswer(text)), right) ? 1 : 0);
  }
  return results;
}

function rightAnswer(columns: RawRow, expected: string | undefined): string {
  for (const said of [columns.solution, columns.answer, expected]) {
    if (typeof said === 'number' || typeof said === 'bigint' || said instanceof ExactFloat)
      return String(said);
    if (typeof said === 'string' && said.trim() !== '') return said;
  }
  throw new SwiftError('BAD_ROW', "a row has no right answer: reward 'accuracy' compares with one", {
    cure: 'Rows have it in a column solution or answer, or end with an answer of the assistant.',
  });
}

/** Where answers say that they are one, the surest first. */
const PLACES: readonly ((text: string) => string | undefined)[] = [
  (text) => text.match(/<answer>([^]*?)<\/answer>/)?.[1],
  lastBoxed,
  (text) => text.match(/####\s*(.+)/)?.[1],
  (text) =>
    [...text.matchAll(/\$\$?([^$]+)\$\$?|\\\(([^]+?)\\\)|\\\[([^]+?)\\\]/g)]
      .map((found) => found.slice(1).find(Boolean))
      .at(-1),
];

/** What a text says in the end: in tags, in a box, behind ####, in the last formula, or all of it where it is short; else its last number. */
export function finalAnswer(text: string): string {
  const inside = PLACES[0](text) ?? text;
  for (const place of PLACES.slice(1)) {
    const found = place(inside);
    if (found !== undefined) return found.trim();
  }
  const plain = inside.trim();
  if (plain.length <= SHORT && !/\s/.test(plain)) return plain;
  return inside.match(/-?\d[\d,]*(?:\.\d+)?(?:\/\d+)?%?/g)?.at(-1) ?? plain;
}

/** Characters of a text that is an answer as a whole. */
const SHORT = 40;

/** The contents of the last \boxed{…}, whose braces may hold others. */
function lastBoxed(text: string): string | undefined {
  const start = text.lastIndexOf('\\boxed{');
  if (start < 0) return undefined;
  const from = start + '\\boxed{'.length;
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(from, i);
  }
  return undefined;
}

/** Of numbers that are one: what is left of rounding. */
const TOLERANCE = 1e-6;

function isSame(one: MathValue | undefined, other: MathValue | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.text === other.text) return true;
  if (one.list && other.list) return isSameList(one, other);
  if (!one.at || !other.at) return false;
  return POINTS.every((point) => {
    const [left, right] = [one.at!(point), other.at!(point)];
    // 50% is one half to some and fifty to others.
    const also = one.percent === other.percent ? right : other.percent ? right * 100 : right / 100;
    return isClose(left, right) || isClose(left, also);
  });
}

const isClose = (left: number, right: number): boolean =>
  Number.isFinite(left) && Math.abs(left - right) <= TOLERANCE * Math.max(1, Math.abs(right));

/** Values of a variable at which expressions of it are held against each other: no number that is anything else. */
const POINTS = [0.37412, 1.71923, 2.91378, 5.23417];

function isSameList(one: MathValue, other: MathValue): boolean {
  const [left, right] = [one.list!, other.list!];
  if (left.items.length !== right.items.length) return false;
  if (left.open !== right.open || left.close !== right.close) return false;
  if (left.open !== '{') return left.items.every((item, i) => isSame(item, right.items[i]));
  const unmatched = [...right.items];
  return left.items.every((item) => {
    const found = unmatched.findIndex((each) => isSame(item, each));
    if (found >= 0) unmatched.splice(found, 1);
    return found >= 0;
  });
}
