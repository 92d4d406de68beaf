/** The text the bundled model is pre-trained on: conversations and stories made from small tables, all our own. */
import type { SeededRandom } from '../../core/data/index.js';

type Turn = readonly [question: string, answer: string];

const CAPITALS: Readonly<Record<string, string>> = {
  France: 'Paris',
  Italy: 'Rome',
  Spain: 'Madrid',
  Germany: 'Berlin',
  Japan: 'Tokyo',
  China: 'Beijing',
  Egypt: 'Cairo',
  Greece: 'Athens',
  Norway: 'Oslo',
  Sweden: 'Stockholm',
  Finland: 'Helsinki',
  Poland: 'Warsaw',
  Austria: 'Vienna',
  Portugal: 'Lisbon',
  Russia: 'Moscow',
  India: 'New Delhi',
  Canada: 'Ottawa',
  Cuba: 'Havana',
  Kenya: 'Nairobi',
  Peru: 'Lima',
  Chile: 'Santiago',
  Ireland: 'Dublin',
  Hungary: 'Budapest',
  Turkey: 'Ankara',
  Iran: 'Tehran',
  Thailand: 'Bangkok',
  Denmark: 'Copenhagen',
  Belgium: 'Brussels',
  England: 'London',
  Scotland: 'Edinburgh',
};
const ANIMALS: readonly (readonly [name: string, sound: string, home: string, legs: number, food: string])[] =
  [
    ['cow', 'moo', 'on a farm', 4, 'grass'],
    ['dog', 'woof', 'in a house', 4, 'meat'],
    ['cat', 'meow', 'in a house', 4, 'fish'],
    ['duck', 'quack', 'on a pond', 2, 'seeds'],
    ['sheep', 'baa', 'on a farm', 4, 'grass'],
    ['lion', 'roar', 'on the plain', 4, 'meat'],
    ['frog', 'croak', 'by a pond', 4, 'flies'],
    ['bee', 'buzz', 'in a hive', 6, 'nectar'],
    ['owl', 'hoot', 'in a tree', 2, 'mice'],
    ['horse', 'neigh', 'in a stable', 4, 'hay'],
    ['mouse', 'squeak', 'in a hole', 4, 'cheese'],
    ['wolf', 'howl', 'in the forest', 4, 'meat'],
    ['pig', 'oink', 'on a farm', 4, 'corn'],
    ['hen', 'cluck', 'on a farm', 2, 'seeds'],
    ['snake', 'hiss', 'in the grass', 0, 'mice'],
  ];
const COLORS: Readonly<Record<string, string>> = {
  grass: 'green',
  snow: 'white',
  coal: 'black',
  blood: 'red',
  gold: 'yellow',
  chocolate: 'brown',
  'the sky': 'blue',
  'the sea': 'blue',
  milk: 'white',
  'a lemon': 'yellow',
  'a carrot': 'orange',
  'a plum': 'purple',
  'a flamingo': 'pink',
  'an elephant': 'gray',
  'a ripe tomato': 'red',
  'a leaf': 'green',
};
const OPPOSITES: readonly (readonly [string, string])[] = [
  ['hot', 'cold'],
  ['big', 'small'],
  ['fast', 'slow'],
  ['up', 'down'],
  ['day', 'night'],
  ['wet', 'dry'],
  ['old', 'new'],
  ['hard', 'soft'],
  ['light', 'dark'],
  ['happy', 'sad'],
  ['open', 'closed'],
  ['rich', 'poor'],
  ['full', 'empty'],
  ['high', 'low'],
  ['early', 'late'],
  ['loud', 'quiet'],
  ['near', 'far'],
  ['true', 'false'],
  ['long', 'short'],
];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const NAMES = ['Tom', 'Anna', 'Max', 'Lucy', 'Ben', 'Mia', 'Sam', 'Ella', 'Leo', 'Ruby', 'Finn', 'Zoe'];
const PLACES = [
  'the park',
  'the forest',
  'the river',
  'the market',
  'the beach',
  'the old tower',
  'the garden',
  'the hill',
];
const THINGS = [
  'a red ball',
  'a shiny key',
  'a small boat',
  'a warm hat',
  'a golden coin',
  'a blue kite',
  'a sweet apple',
];
const FRIENDS = [
  'a kind bird',
  'an old man',
  'a little mouse',
  'a funny clown',
  'a wise owl',
  'a lost puppy',
];

const SMALL_TALK: readonly Turn[] = [
  ['Hello', 'Hello! How can I help you?'],
  ['Hi', 'Hi! What can I do for you?'],
  ['Good morning', 'Good morning! How can I help you?'],
  ['How are you?', 'I am fine, thank you. How are you?'],
  ['Thank you', 'You are welcome!'],
  ['Goodbye', 'Goodbye! Have a nice day.'],
  ['Who are you?', 'I am a small language model.'],
  ['What are you?', 'I am a small language model.'],
  ['What is your name?', 'I do not have a name yet.'],
  ['Do you have a name?', 'No, I do not have a name yet.'],
  ['Who made you?', 'I was trained from a small text by a short script.'],
  ['Who created you?', 'I was trained from a small text by a short script.'],
  ['Who trained you?', 'I was trained from a small text by a short script.'],
  ['What can you do?', 'I can answer simple questions and tell short stories.'],
  ['Are you a human?', 'No, I am a small language model.'],
];

class Writer {
  constructor(private readonly random: SeededRandom) {}

  pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  turn(): Turn {
    const makers = [
      ...[this.capital, this.sound, this.home, this.legs, this.food, this.color, this.opposite, this.sum],
      ...[
        this.difference,
        this.following,
        this.story,
        this.smallTalk,
        this.smallTalk,
        this.called,
        this.team,
      ],
    ];
    return this.pick(makers).call(this);
  }

  story(): Turn {
    const [animal] = this.pick(ANIMALS);
    const about = this.pick([`${article(animal)} ${animal}`, 'a child', 'a friend']);
    return [
      this.pick([`Tell me a story about ${about}.`, `Tell a short story about ${about}.`]),
      this.tale(about),
    ];
  }

  tale(about: string): string {
    const name = this.pick(NAMES);
    const [place, other] = [this.pick(PLACES), this.pick(PLACES)];
    const [thing, friend] = [this.pick(THINGS), this.pick(FRIENDS)];
    const middle = this.pick([
      `There ${name} found ${thing}. ${name} was very happy and showed it to ${friend}.`,
      `There ${name} met ${friend}. They played all day and shared ${thing}.`,
      `It began to rain, but ${friend} gave ${name} ${thing}. Then the sun came out again.`,
    ]);
    const end = this.pick([
      `In the evening they went home from ${other}.`,
      `From that day on they were good friends.`,
      `${name} never forgot that day.`,
    ]);
    return `Once upon a time there was ${about} named ${name}. One day ${name} went to ${place}. ${middle} ${end}`;
  }

  private capital(): Turn {
    const country = this.pick(Object.keys(CAPITALS));
    const answer = `The capital of ${country} is ${CAPITALS[country]}.`;
    return [this.pick([`What is the capital of ${country}?`, `Name the capital of ${country}.`]), answer];
  }

  private sound(): Turn {
    const [name, sound] = this.pick(ANIMALS);
    return [
      `What sound does ${article(name)} ${name} make?`,
      `${capital(article(name))} ${name} says ${sound}.`,
    ];
  }

  private home(): Turn {
    const [name, , home] = this.pick(ANIMALS);
    return [`Where does ${article(name)} ${name} live?`, `${capital(article(name))} ${name} lives ${home}.`];
  }

  private legs(): Turn {
    const [name, , , legs] = this.pick(ANIMALS);
    const count = legs === 0 ? 'no' : String(legs);
    return [
      `How many legs does ${article(name)} ${name} have?`,
      `${capital(article(name))} ${name} has ${count} legs.`,
    ];
  }

  private food(): Turn {
    const [name, , , , food] = this.pick(ANIMALS);
    return [`What does ${article(name)} ${name} eat?`, `${capital(article(name))} ${name} eats ${food}.`];
  }

  private color(): Turn {
    const thing = this.pick(Object.keys(COLORS));
    return [`What color is ${thing}?`, `${capital(thing)} is ${COLORS[thing]}.`];
  }

  private opposite(): Turn {
    const pair = this.pick(OPPOSITES);
    const [a, b] = this.random.below(2) === 0 ? pair : [pair[1], pair[0]];
    return [`What is the opposite of ${a}?`, `The opposite of ${a} is ${b}.`];
  }

  private sum(): Turn {
    const [a, b] = [this.random.below(10), this.random.below(10)];
    return [`What is ${a} plus ${b}?`, `${a} plus ${b} is ${a + b}.`];
  }

  private difference(): Turn {
    const [a, b] = [this.random.below(10), this.random.below(10)];
    const [more, less] = [Math.max(a, b), Math.min(a, b)];
    return [`What is ${more} minus ${less}?`, `${more} minus ${less} is ${more - less}.`];
  }

  private following(): Turn {
    const [kind, list] = this.pick([
      ['day', DAYS],
      ['month', MONTHS],
    ] as const);
    const at = this.random.below(list.length);
    const [now, next] = [list[at], list[(at + 1) % list.length]];
    return [`Which ${kind} comes after ${now}?`, `After ${now} comes ${next}.`];
  }

  /** Names are made up, so that every token is seen and copying is learned. */
  private called(): Turn {
    const [animal] = this.pick(ANIMALS);
    const name = this.name();
    const who = `${capital(article(animal))} ${animal}`;
    return [`${who} is called ${name}. What is its name?`, `Its name is ${name}.`];
  }

  private team(): Turn {
    const [person, team] = [this.name(), this.name()];
    const question = this.pick([`Who is ${person}?`, `Where does ${person} work?`]);
    return [`${person} works with the ${team} team. ${question}`, `${person} works with the ${team} team.`];
  }

  private name(): string {
    const syllable = (): string =>
      this.pick(['', ...'bcdfghjklmnprstvwz', 'br', 'ch', 'fl', 'sh', 'sw', 'th', 'tr']) +
      this.pick([...'aeiou', 'ai', 'ea', 'oo', 'ui']) +
      this.pick(['', '', ...'lmnrst', 'ft', 'll', 'nd', 'ng', 'rk', 'st', 'x']);
    return capital(Array.from({ length: 1 + this.random.below(3) }, syllable).join(''));
  }

  private smallTalk(): Turn {
    return this.pick(SMALL_TALK);
  }
}

/** `count` documents: mostly conversations of one to three turns in ChatML, some plain stories. */
export function makeCorpus(count: number, random: SeededRandom): string[] {
  const writer = new Writer(random);
  return Array.from({ length: count }, () => {
    if (random.below(8) === 0) return writer.story()[1];
    const turns = Array.from({ length: 1 + random.below(3) }, () => writer.turn());
    return turns
      .map(
        ([question, answer]) =>
          `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n${answer}<|im_end|>\n`,
      )
      .join('');
  });
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
