/** Rows of the local hub's datasets, in the columns that the real ones have. */
import { SeededRandom } from '../../core/data/random.js';
import {
  CAPITALS,
  CHINESE,
  CODE,
  FRENCH,
  GERMAN,
  OPPOSITES,
  PAST_TENSES,
  PLURALS,
  POLITE,
  QUESTIONS,
  SENTIMENTS,
  TASKS,
} from './facts.js';

/** A row of an Alpaca-like dataset. */
export interface AlpacaRow {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
}

const row = (instruction: string, output: string, input = ''): AlpacaRow => ({
  instruction,
  input,
  output: output.replaceAll('\\n', '\n'),
});

const SORTABLE = 'apple river stone cloud violin harbor meadow lantern pepper window tiger candle'.split(' ');

/** About 200 instructions, in an order that mixes them. */
export function englishRows(): AlpacaRow[] {
  const random = SeededRandom.seeded(11);
  const below = (limit: number): number => Math.floor(random.uniform() * limit);
  const sums = Array.from({ length: 16 }, () => {
    const [a, b] = [below(50), below(50)];
    return row(`What is ${a} + ${b}?`, `${a} + ${b} = ${a + b}`);
  });
  const products = Array.from({ length: 12 }, () => {
    const [a, b] = [2 + below(11), 2 + below(11)];
    return row('Multiply the two numbers.', String(a * b), `${a} and ${b}`);
  });
  const comparisons = Array.from({ length: 10 }, () => {
    const [a, b] = [below(100), below(100)];
    const relation = a > b ? `Yes, ${a} is greater than ${b}.` : `No, ${a} is not greater than ${b}.`;
    return row(`Is ${a} greater than ${b}?`, relation);
  });
  const sorted = Array.from({ length: 14 }, () => {
    const words = shuffled(SORTABLE, random).slice(0, 4);
    return row('Sort these words alphabetically.', [...words].sort().join(', '), words.join(', '));
  });
  const lengths = SORTABLE.map((word) =>
    row(`How many letters does the word "${word}" have?`, `${word.length}`),
  );
  const rows = [
    ...CAPITALS.map(([land, city]) =>
      row(`What is the capital of ${land}?`, `The capital of ${land} is ${city}.`),
    ),
    ...CAPITALS.slice(0, 8).map(([land, city]) =>
      row('Which country is this city the capital of?', land, city),
    ),
    ...OPPOSITES.map(([word, other]) => row('Give the opposite of the word.', other, word)),
    ...PLURALS.map(([one, many]) => row(`Write the plural of "${one}".`, many)),
    ...PAST_TENSES.map(([verb, past]) => row('Put the verb into the past tense.', past, verb)),
    ...FRENCH.map(([english, french]) => row('Translate into French.', french, english)),
    ...GERMAN.map(([english, german]) => row('Translate into German.', german, english)),
    ...POLITE.map(([rude, polite]) => row('Rewrite this sentence politely.', polite, rude)),
    ...SENTIMENTS.map(([text, mood]) =>
      row('Classify the sentiment as positive, negative or neutral.', mood, text),
    ),
    ...QUESTIONS.map(([question, answer]) => row(question, answer)),
    ...TASKS.map(([task, answer]) => row(task, answer)),
    ...sums,
    ...products,
    ...comparisons,
    ...sorted,
    ...lengths,
  ];
  return shuffled(rows, random);
}

export function chineseRows(): AlpacaRow[] {
  const random = SeededRandom.seeded(12);
  const sums = Array.from({ length: 30 }, () => {
    const [a, b] = [Math.floor(random.uniform() * 50), Math.floor(random.uniform() * 50)];
    return row(`${a}加${b}等于多少？`, `${a}加${b}等于${a + b}。`);
  });
  const words = CHINESE.map(([, answer]) =>
    row('请数一数这句话有多少个字符。', `${answer.length}个。`, answer),
  );
  return shuffled([...CHINESE.map(([question, answer]) => row(question, answer)), ...words, ...sums], random);
}

export function codeRows(): AlpacaRow[] {
  return CODE.map(([task, answer]) => row(task, answer));
}

/** Answers to a question about a text, in Dolly's columns. */
export function dollyRows(): Record<string, string>[] {
  return QUESTIONS.map(([question, answer], i) => ({
    instruction: question,
    context: i % 2 === 0 ? `${answer} ${QUESTIONS[(i + 1) % QUESTIONS.length][1]}` : '',
    response: answer,
    category: i % 2 === 0 ? 'closed_qa' : 'open_qa',
  }));
}

/** Dialogues of two and three turns, in ShareGPT's columns. */
export function dialogueRows(): { conversations: { from: string; value: string }[] }[] {
  const said = (human: string, gpt: string) => [
    { from: 'human', value: human },
    { from: 'gpt', value: gpt.replaceAll('\\n', '\n') },
  ];
  return TASKS.map(([task, answer], i) => {
    const [question, reply] = QUESTIONS[i % QUESTIONS.length];
    const thanks = said('Thank you!', 'You are welcome.');
    const conversations = [...said(question, reply), ...said(task, answer), ...(i % 2 === 0 ? thanks : [])];
    return { conversations };
  });
}

/** Plain texts, for pre-training. */
export function textRows(): { text: string }[] {
  return QUESTIONS.map(([question, answer], i) => ({
    text: `${question} ${answer}\n\n${QUESTIONS[(i + 5) % QUESTIONS.length][1]} ${TASKS[i % TASKS.length][1]}`,
  }));
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
