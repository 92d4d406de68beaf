/** What is asked about a picture: where a thing is, and what a word answers. */
import type { SeededRandom } from '../../core/data/index.js';
import { nameOf, type Box, type Thing } from './scenes.js';

export interface Question {
  /** Tags `<ref-object>` and `<bbox>` stand for the name and the box. */
  readonly query: string;
  readonly response: string;
  readonly ref?: string;
  readonly bbox?: Box;
}

/** Pixels between the middles of two things of which one is said to be on a side of the other. */
const CLEARLY = 10;

/** Where each thing is. */
export const boxQuestions = (things: readonly Thing[]): Question[] =>
  things.map((thing) => ({
    query: 'Find the <ref-object>.',
    response: '<bbox>',
    ref: nameOf(thing),
    bbox: thing.box,
  }));

/** All that has one answer, of one kind after the other. */
const KINDS: readonly ((things: readonly Thing[]) => Question[])[] = [
  (things) =>
    onlyOnes(things, 'shape').map(({ shape, colour }) => ({
      query: `What colour is the ${shape}?`,
      response: colour,
    })),
  (things) =>
    onlyOnes(things, 'colour').map(({ shape, colour }) => ({
      query: `What shape is the ${colour} thing?`,
      response: shape,
    })),
  (things) => [{ query: 'How many things are there?', response: String(things.length) }],
  (things) =>
    things.flatMap((thing) =>
      things.flatMap((other) =>
        [0, 1].flatMap((axis) => {
          const distance = middle(thing, axis) - middle(other, axis);
          if (Math.abs(distance) < CLEARLY) return [];
          const [before, behind] = axis === 0 ? ['left', 'right'] : ['above', 'below'];
          const query = `Is the ${nameOf(thing)} ${before} or ${behind} of the ${nameOf(other)}?`;
          return [
            {
              query: axis === 0 ? query : query.replace(' of ', ' '),
              response: distance < 0 ? before : behind,
            },
          ];
        }),
      ),
    ),
];

/** One question of each of so many kinds, of those that the picture has. */
export function wordQuestions(things: readonly Thing[], count: number, random: SeededRandom): Question[] {
  const kinds = KINDS.map((kind) => kind(things)).filter((questions) => questions.length > 0);
  return shuffled(kinds, random)
    .slice(0, count)
    .map((questions) => questions[random.below(questions.length)]);
}

export function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  return [...random.permutation(list.length)].map((i) => list[i]);
}

const onlyOnes = (things: readonly Thing[], field: 'colour' | 'shape'): Thing[] =>
  things.filter((thing) => things.every((other) => other === thing || other[field] !== thing[field]));

const middle = ({ box }: Thing, axis: number): number => (box[axis] + box[axis + 2]) / 2;
