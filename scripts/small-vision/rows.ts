/** Rows as `swift sft` and `swift infer` read them, beside their pictures. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SeededRandom } from '../../core/data/index.js';
import { boxQuestions, shuffled, wordQuestions, type Question } from './questions.js';
import { draw, makeScene, type Thing } from './scenes.js';

const SEED = 1;

export interface Row {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
  /** Paths beside the file of the row. */
  readonly images: readonly string[];
  readonly objects?: { readonly ref: readonly string[]; readonly bbox: readonly (readonly number[])[] };
}

/** The questions of each row about a picture. */
type Ask = (things: readonly Thing[], random: SeededRandom) => readonly (readonly Question[])[];

interface RowSet {
  readonly stream: number;
  readonly ask: Ask;
}

const SETS: Readonly<Record<string, RowSet>> = {
  /** A row a picture: all boxes and two words, as one conversation. */
  train: {
    stream: 0,
    ask: (things, random) => [
      shuffled([...boxQuestions(things), ...wordQuestions(things, 2, random)], random),
    ],
  },
  /** A row a question: a box and a word of each picture. */
  'held-out': {
    stream: 1,
    ask: (things, random) => [
      shuffled(boxQuestions(things), random).slice(0, 1),
      wordQuestions(things, 1, random),
    ],
  },
};

/**
 * Writes `<set>.jsonl` and a folder of pictures for each set, and `one.jsonl`, the rows of training whose pictures show one thing.
 * @param counts pictures of each set, in order
 */
export async function writeRows(folder: string, counts: readonly number[]): Promise<void> {
  const write = (name: string, rows: readonly Row[]): Promise<void> =>
    writeFile(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  for (const [i, [name, set]] of Object.entries(SETS).entries()) {
    await mkdir(join(folder, name), { recursive: true });
    const rows: Row[] = [];
    for (let picture = 0; picture < counts[i]; picture++) {
      const random = SeededRandom.seeded(SEED, set.stream, picture);
      const things = makeScene(random);
      const image = `${name}/${String(picture).padStart(5, '0')}.png`;
      await writeFile(join(folder, image), await draw(things));
      for (const questions of set.ask(things, random)) rows.push(rowOf(questions, image));
    }
    await write(name, rows);
    if (name === 'train')
      await write(
        'one',
        rows.filter(({ objects }) => objects?.bbox.length === 1),
      );
  }
}

function rowOf(questions: readonly Question[], image: string): Row {
  const messages = questions.flatMap(({ query, response }, i) => [
    { role: 'user', content: i === 0 ? `<image>${query}` : query } as const,
    { role: 'assistant', content: response } as const,
  ]);
  const ref = questions.flatMap((question) => question.ref ?? []);
  const bbox = questions.flatMap((question) => (question.bbox ? [question.bbox] : []));
  return { messages, images: [image], ...(bbox.length > 0 && { objects: { ref, bbox } }) };
}
