/**
 * Sentences with made-up names, spoken by espeak-ng, to tune Whisper on (docs/media.md):
 *
 *     node -C swift-source --import tsx scripts/whisper-names.ts speak <folder>      # train.jsonl, test.jsonl and their sounds
 *     node -C swift-source --import tsx scripts/whisper-names.ts errors <answers>    # word errors of a result of swift infer
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['Zorvek', 'Quillandra', 'Brimhollow', 'Tessivane', 'Olvaryn', 'Kethmar'];
const LEARNED = [
  'Please ask NAME about the report.',
  'The train to NAME leaves at nine.',
  'I met NAME in the garden yesterday.',
  'Nobody in the village had heard of NAME before.',
  'Can you send this letter to NAME today?',
  'We will visit NAME again next summer.',
];
const ASKED = [
  'Have you seen NAME this morning?',
  'NAME bought three apples and some bread.',
  'My sister will call NAME after dinner.',
];
/** Without any of the names: what it could write before it should write still. */
const PLAIN = [
  'The weather was cold and the road was long.',
  'She opened the window and looked at the sea.',
  'There are seven books on the kitchen table.',
];
/** How espeak-ng speaks: a voice, and words a minute. */
const VOICES = [
  ['en-us', 150],
  ['en-gb', 140],
  ['en-us+f3', 160],
] as const;
const OTHER_VOICE = ['en-gb+m3', 150] as const;

const [command, place] = process.argv.slice(2);
if (command === 'speak') speak(place);
else console.log(errors(place));

function speak(folder: string): void {
  mkdirSync(join(folder, 'sounds'), { recursive: true });
  let number = 0;
  const spoken = (text: string, [voice, speed]: readonly [string, number]): string => {
    const sound = `sounds/${number++}.wav`;
    execFileSync('espeak-ng', ['-v', voice, '-s', String(speed), '-w', join(folder, sound), text]);
    const messages = [
      { role: 'user', content: '<audio>' },
      { role: 'assistant', content: text },
    ];
    return JSON.stringify({ messages, audios: [sound] });
  };
  const named = (sentences: readonly string[]): string[] =>
    NAMES.flatMap((name) => sentences.map((sentence) => sentence.replace('NAME', name)));
  const train = named(LEARNED).flatMap((text) => VOICES.map((voice) => spoken(text, voice)));
  const test = [...named(ASKED), ...PLAIN].map((text) => spoken(text, OTHER_VOICE));
  writeFileSync(join(folder, 'train.jsonl'), `${train.join('\n')}\n`);
  writeFileSync(join(folder, 'test.jsonl'), `${test.join('\n')}\n`);
}

/** Of the sentences with names, of those without, and how many of the names are right. */
function errors(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { response: string; label?: string; labels?: string });
  const pairs = rows.map(
    ({ response, label, labels }) => [wordsOf(label ?? labels!), wordsOf(response)] as const,
  );
  const names = new Set(NAMES.map((name) => name.toLowerCase()));
  const isNamed = ([said]: (typeof pairs)[number]): boolean => said.some((word) => names.has(word));
  const share = (some: typeof pairs): string => {
    const wrong = some.reduce((sum, [said, written]) => sum + distance(said, written), 0);
    return `${((100 * wrong) / some.reduce((sum, [said]) => sum + said.length, 0)).toFixed(1)} %`;
  };
  const named = pairs.filter(isNamed);
  const right = named.filter(([said, written]) =>
    said.every((word) => !names.has(word) || written.includes(word)),
  );
  return [
    `word errors with names: ${share(named)}`,
    `without: ${share(pairs.filter((pair) => !isNamed(pair)))}`,
    `names that are right: ${right.length} of ${named.length}`,
  ].join('\n');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** Words to be changed, put in and left out (Levenshtein). */
function distance(said: readonly string[], written: readonly string[]): number {
  let row = written.map((_, i) => i + 1);
  said.forEach((word, i) => {
    let corner = i;
    row = row.reduce<number[]>((next, above, j) => {
      const left = j === 0 ? i + 1 : next[j - 1];
      const cost = Math.min(above + 1, left + 1, corner + (word === written[j] ? 0 : 1));
      corner = above;
      return [...next, cost];
    }, []);
  });
  return row.at(-1) ?? said.length;
}
