/** `npm run -s toy-rows -- sums|manners|steps|steps-asked COUNT`: rows for docs/{reinforcement,alignment,agents}.md, the same each time. */
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

const TOOLS = ['weather', 'trains', 'hotels', 'museums', 'doctors', 'lawyers', 'bakers', 'tailors'];
const ASKED: Readonly<Record<string, string>> = {
  weather: 'How warm is it in PLACE?',
  trains: 'How do I get to PLACE?',
  hotels: 'Where can I sleep in PLACE?',
  museums: 'What is there to see in PLACE?',
  doctors: 'I am ill in PLACE.',
  lawyers: 'I was robbed in PLACE.',
  bakers: 'Is there bread in PLACE?',
  tailors: 'My coat is torn in PLACE.',
};
const PLACES = 'Rome Paris Oslo Bern Lima Cairo Delhi Tokyo Kyiv Riga Baku Doha'.split(' ');
const THOUGHTS =
  'so first I look at what is asked then at what I have and I think of what would help most before I do it with care'.split(
    ' ',
  );

/** Steps of an agent in ReAct's lines: much thought, drawn at random, and one call that follows from the question. */
function steps(count: number, isAsked = false): object[] {
  const random = SeededRandom.seeded(isAsked ? 4 : 3);
  const one = <T>(of: readonly T[]): T => of[random.below(of.length)];
  return Array.from({ length: count }, () => {
    const [tool, place] = [one(TOOLS), one(PLACES)];
    const thought = Array.from({ length: 16 + random.below(16) }, () => one(THOUGHTS)).join(' ');
    const messages = [
      { role: 'system', content: `You can use: ${TOOLS.join(', ')}.` },
      { role: 'user', content: ASKED[tool].replace('PLACE', place) },
    ];
    const content = `Thought: ${thought}\nAction: ${tool}\nAction Input: {"place": "${place}"}`;
    if (isAsked) return { messages, tools: TOOLS.map((name) => ({ name })), target: content };
    return { messages: [...messages, { role: 'assistant', content }] };
  });
}

const [what, count] = process.argv.slice(2);
const makers: Readonly<Record<string, ((count: number) => object[]) | undefined>> = {
  sums,
  manners,
  steps,
  'steps-asked': (number) => steps(number, true),
};
const made = makers[what]?.(Number(count));
if (!made) throw new Error('sums, manners, steps or steps-asked, and how many');
process.stdout.write(made.map((row) => `${JSON.stringify(row)}\n`).join(''));
