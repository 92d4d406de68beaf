/** `npm run -s toy-rows -- sums|manners COUNT`: rows for docs/reinforcement.md and docs/alignment.md, the same each time. */
import { SeededRandom } from '../core/data/index.js';

const THINGS = (
  'apple bridge candle desert engine forest garden hammer island jacket kettle lantern mirror needle ocean pencil quilt ' +
  'river saddle teapot umbrella violin window yarn zipper anchor basket carpet drum easel fountain glove harbour iron jewel ' +
  'kite ladder map nest oven pillow rope shovel tunnel urn valley wheel barn cloud dish'
).split(' ');
const QUESTIONS = ['What is THING?', 'Tell me about THING.', 'Where would I see THING?', 'Do I need THING?'];

const named = (thing: string): string => `${/^[aeiou]/.test(thing) ? 'an' : 'a'} ${thing}`;

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Questions with one right answer. */
function sums(count: number): object[] {
  const random = SeededRandom.seeded(1);
  return Array.from({ length: count }, () => {
    const [a, b] = [1 + random.below(9), 1 + random.below(9)];
    return { query: `What is ${a} + ${b}? Answer with the number only.`, solution: String(a + b) };
  });
}

/** The same matter said politely and rudely. */
function manners(count: number): object[] {
  const random = SeededRandom.seeded(2);
  const pairs = THINGS.flatMap((thing) =>
    QUESTIONS.map((question) => ({
      query: question.replace('THING', named(thing)),
      response: `Thank you for asking. ${capital(named(thing))} is a common thing, and I am happy to tell you more if you like.`,
      rejected_response: `Everybody knows what ${named(thing)} is. Do not waste my time with this again.`,
    })),
  );
  return [...random.permutation(pairs.length)].slice(0, count).map((i) => pairs[i]);
}

const [what, count] = process.argv.slice(2);
const makers: Readonly<Record<string, ((count: number) => object[]) | undefined>> = { sums, manners };
const made = makers[what]?.(Number(count));
if (!made) throw new Error('sums or manners, and how many');
process.stdout.write(made.map((row) => `${JSON.stringify(row)}\n`).join(''));
