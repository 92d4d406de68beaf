import { IGNORE_INDEX } from '../contracts/template.js';
import type { EncodeOptions, EncodeResult, Encoded } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import type { WeightedStretch } from './loss-scaling.js';
import { tokenizeWithMarks } from './tokenize.js';

/** A conversation as one text, with what is learned of it. Offsets are UTF-16 units. */
export interface Rendered {
  readonly text: string;
  /** Half-open stretches `[start, end)` that are supervised, in order. */
  readonly supervised: readonly (readonly [number, number])[];
  /** Stretches whose tokens weigh other than 1, in order; those of weight 0 are not supervised after all. */
  readonly weights?: readonly WeightedStretch[];
  /** End of the part that a cut from the left keeps: BOS and system prompt. */
  readonly headEnd: number;
  /** Where answers begin, also such as are not learned: no token goes across, as none does where a prompt ends. */
  readonly cuts?: readonly number[];
}

/** No tokenizer has a token of more characters: a text of more than that many for each token wanted is too long for sure. */
const MOST_OF_A_TOKEN = 512;
/** Taking a longer text apart would take minutes and gigabytes. */
const MOST_CHARACTERS = 10_000_000;

/** Tokenizes, labels, truncates. The one path by which any template makes a training sample. */
export function encodeRendered(
  { text, supervised, weights = [], headEnd, cuts = [] }: Rendered,
  tokenizer: Tokenizer,
  options: EncodeOptions,
): EncodeResult {
  const marks = supervised.flatMap(([start, end]) => [
    { offset: start, edge: 'start' as const },
    { offset: end, edge: 'end' as const },
  ]);
  const inside = weights.flatMap(({ start, end }) => [
    { offset: start, edge: 'inside' as const },
    { offset: end, edge: 'inside' as const },
  ]);
  const answers = cuts.map((offset) => ({ offset, edge: 'start' as const }));
  const { max_length = Infinity, truncation_strategy = 'delete' } = options;
  const limit = truncation_strategy === 'delete' ? max_length : Infinity;
  if (text.length > limit * MOST_OF_A_TOKEN) return { kind: 'dropped', reason: 'too_long' };
  if (text.length > MOST_CHARACTERS) throw tooLarge(text.length);
  const places = [...marks, ...inside, ...answers, { offset: headEnd, edge: 'end' as const }];
  const { ids, at } = tokenizeWithMarks(text, places, tokenizer, limit);
  if (ids.length === 0) return { kind: 'dropped', reason: 'empty' };
  const labels = new Array<number>(ids.length).fill(IGNORE_INDEX);
  for (let i = 0; i < supervised.length; i++) {
    for (let t = at[2 * i]; t < at[2 * i + 1]; t++) labels[t] = ids[t];
  }
  const scale = new Array<number>(ids.length).fill(1);
  weights.forEach(({ weight }, i) => {
    const [start, end] = at.slice(marks.length + 2 * i);
    scale.fill(weight, start, end);
    if (weight === 0) labels.fill(IGNORE_INDEX, start, end);
  });
  const truncated = ids.length > max_length;
  if (truncated && truncation_strategy === 'delete') return { kind: 'dropped', reason: 'too_long' };
  const keep = truncated
    ? kept(ids.length, max_length, truncation_strategy === 'left' ? at.at(-1)! : 0)
    : undefined;
  const cut = (list: number[]): number[] => keep?.flatMap(([start, end]) => list.slice(start, end)) ?? list;
  const plain: Encoded = { input_ids: cut(ids), labels: cut(labels) };
  const loss_scale = cut(scale);
  const isScaled = plain.labels.some((label, i) => label !== IGNORE_INDEX && loss_scale[i] !== 1);
  const sample: Encoded = isScaled ? { ...plain, loss_scale } : plain;
  // Nothing predicts the first token, so a label there teaches nothing.
  return sample.labels.some((label, i) => i > 0 && label !== IGNORE_INDEX)
    ? { kind: 'sample', sample, truncated }
    : { kind: 'dropped', reason: 'no_supervised_tokens' };

  function kept(length: number, limit: number, head: number): [number, number][] {
    if (truncation_strategy === 'right') return [[0, limit]];
    const front = head < limit ? head : 0;
    return [
      [0, front],
      [length - (limit - front), length],
    ];
  }
}

/** Whether a text alone is more than is wanted, whatever is learned of it. */
export function isTooLong(text: string, tokenizer: Tokenizer, options: EncodeOptions): boolean {
  const result = encodeRendered({ text, supervised: [[0, text.length]], headEnd: 0 }, tokenizer, options);
  return result.kind === 'dropped' && result.reason === 'too_long';
}

const tooLarge = (characters: number): SwiftError =>
  new SwiftError(
    'BAD_ROW',
    `The row is a text of ${characters} characters; at most ${MOST_CHARACTERS} are tokenized.`,
    {
      cure: 'Split it into several rows, or drop such rows with a --max_length and --truncation_strategy delete.',
    },
  );
