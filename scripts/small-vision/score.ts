/** How good answers of `swift infer` are, beside answers that look at no picture. */
import type { Row } from './rows.js';
import type { Box } from './scenes.js';

/** A line of the answers' file. */
export interface AnsweredLine {
  readonly response: string;
  readonly images: readonly string[];
  readonly objects?: { readonly bbox: readonly Box[] };
}

/** Of all rows of a kind: the mean IoU of boxes, or the share of right words. */
export interface Score {
  readonly kind: string;
  readonly rows: number;
  readonly score: number;
  /** Of one answer to all: the mean box, or the most frequent word. */
  readonly blind: number;
  /** Of boxes: the share whose IoU is at least 0.5. */
  readonly found?: number;
}

/** @param answers to the rows, in their order @throws Error where they are to other rows */
export function scoresOf(rows: readonly Row[], answers: readonly AnsweredLine[]): Score[] {
  const isTheirs = rows.every(({ images: [image] }, i) => answers[i]?.images[0] === image);
  if (!isTheirs || answers.length !== rows.length)
    throw new Error('these are answers to other rows: give the file that --val_dataset named');
  const pairs = rows.map((row, i): Pair => ({ row, answer: answers[i] }));
  const boxes = pairs.filter(({ row }) => row.objects);
  const words = pairs.filter(({ row }) => !row.objects);
  const kinds = [...new Set(words.map(kindOf))];
  return [
    ...(boxes.length > 0 ? [boxScore(boxes)] : []),
    ...kinds.map((kind) =>
      wordScore(
        kind,
        words.filter((pair) => kindOf(pair) === kind),
      ),
    ),
    ...(words.length > 0 ? [wordScore('all words', words)] : []),
  ];
}

interface Pair {
  readonly row: Row;
  readonly answer: AnsweredLine;
}

function boxScore(pairs: readonly Pair[]): Score {
  const truths = pairs.map(({ row }) => row.objects!.bbox[0] as unknown as Box);
  const overlaps = pairs.map(({ answer }, i) => {
    const said = answer.objects?.bbox[0];
    return said?.length === 4 ? iou(said, truths[i]) : 0;
  });
  const side = (i: number): number => mean(truths.map((box) => box[i]));
  const middle: Box = [side(0), side(1), side(2), side(3)];
  return {
    kind: 'boxes, IoU',
    rows: pairs.length,
    score: mean(overlaps),
    blind: mean(truths.map((box) => iou(middle, box))),
    found: mean(overlaps.map((overlap) => Number(overlap >= 0.5))),
  };
}

/** Intersection over union. */
function iou(a: Box, b: Box): number {
  const shared = (axis: 0 | 1): number =>
    Math.max(0, Math.min(a[axis + 2], b[axis + 2]) - Math.max(a[axis], b[axis]));
  const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1) * (y2 - y1);
  const both = shared(0) * shared(1);
  return both === 0 ? 0 : both / (area(a) + area(b) - both);
}

function wordScore(kind: string, pairs: readonly Pair[]): Score {
  const right = pairs.filter(({ row, answer }) => answer.response.trim() === row.messages[1].content);
  return {
    kind,
    rows: pairs.length,
    score: right.length / pairs.length,
    blind: mostFrequent(pairs) / pairs.length,
  };
}

/** How often the most frequent answer to each kind of question is right. */
function mostFrequent(pairs: readonly Pair[]): number {
  const counts = new Map<string, Map<string, number>>();
  for (const pair of pairs) {
    const ofKind = counts.get(kindOf(pair)) ?? new Map<string, number>();
    const word = pair.row.messages[1].content;
    counts.set(kindOf(pair), ofKind.set(word, (ofKind.get(word) ?? 0) + 1));
  }
  return [...counts.values()].reduce((sum, ofKind) => sum + Math.max(...ofKind.values()), 0);
}

/** `What colour`, `How many`, … */
const kindOf = ({ row }: Pair): string =>
  row.messages[0].content.replace('<image>', '').split(' ').slice(0, 2).join(' ');

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
