/**
 * A small model that sees, for docs/small-vision.md.
 *
 *     npm run -s small-vision -- rows FOLDER [TRAINING HELD_OUT]       so many pictures, with questions and answers
 *     npm run -s small-vision -- model DECODER FOLDER [CHECKPOINT]     SmolVLM of a decoder, with a fresh tower or another one's
 *     npm run -s small-vision -- score held-out.jsonl ANSWERS.jsonl    how good answers are
 */
import { readFileSync } from 'node:fs';
import { alignColumns } from '../../core/cli/table.js';
import { makeModel } from './make-model.js';
import { writeRows, type Row } from './rows.js';
import { scoresOf, type AnsweredLine, type Score } from './score.js';

const HEADINGS = ['QUESTIONS', 'ROWS', 'SCORE', 'IOU>=0.5', 'BLIND'];

const COMMANDS: Readonly<Record<string, (...words: string[]) => void | Promise<void>>> = {
  model: makeModel,
  rows: (folder, train = '8000', heldOut = '200') => writeRows(folder, [Number(train), Number(heldOut)]),
  score: (rows, answers) => {
    const scores = scoresOf(linesOf<Row>(rows), linesOf<AnsweredLine>(answers));
    for (const line of alignColumns([HEADINGS, ...scores.map(cellsOf)])) console.log(line);
  },
};

function linesOf<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

const cellsOf = ({ kind, rows, score, found, blind }: Score): string[] => [
  kind,
  String(rows),
  ...[score, found, blind].map((value) => value?.toFixed(3) ?? ''),
];

const [command, ...words] = process.argv.slice(2);
const run = COMMANDS[command];
if (!run) throw new Error(`${Object.keys(COMMANDS).join(', ')}: see the head of this file`);
await run(...words);
