import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Message, StandardRow } from '../contracts/row.js';
import { atOrigin, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { notWritable } from '../io/atomic-write.js';
import type { Chat } from './chat.js';
import { pythonJson, refuseMedia } from '../template/index.js';
import { requireChat } from './check-given.js';
import { makeFolder } from '../io/make-folder.js';

export interface InferDatasetOptions {
  readonly batchSize: number;
  /** jsonl file that answers are appended to, a batch at a time. */
  readonly output: string;
  readonly onAnswer?: (row: AnsweredRow, done: number, total: number) => void;
}

/** One line of the result file; names as SWIFT 2.4 has them. */
export interface AnsweredRow {
  readonly system?: string;
  readonly query: string;
  readonly response: string;
  /** What the dataset says. */
  readonly label?: string;
  /** Earlier turns: what the user or tools said, and the answer, its calls of tools as JSON. */
  readonly history: readonly (readonly [query: string, response: string])[];
}

/** Answers the last user turn of every row. */
export async function inferDataset(
  chat: Chat,
  datasets: readonly LoadedDataset[],
  { batchSize, output, onAnswer }: InferDatasetOptions,
): Promise<number> {
  requireChat('inferDataset', chat);
  const questions = datasets.flatMap(({ rows }) => rows.map((row) => checked(chat, row)));
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new SwiftError('BAD_ARGUMENT', `batchSize: '${batchSize}' is not a whole number above 0`);
  }
  try {
    makeFolder(dirname(output));
  } catch (error) {
    throw notWritable(output, error);
  }
  for (let start = 0; start < questions.length; start += batchSize) {
    const batch = questions.slice(start, start + batchSize);
    const answers = await chat.answerAll(batch);
    const rows = batch.map(({ messages, label }, i) => toRow(messages, answers[i].text, label));
    await appendFile(output, rows.map((row) => `${JSON.stringify(row)}\n`).join('')).catch(
      (error: unknown) => {
        throw notWritable(output, error);
      },
    );
    rows.forEach((row, i) => onAnswer?.(row, start + i + 1, questions.length));
  }
  return questions.length;
}

/** All rows are checked before the first is answered: the last one may be hours away. */
function checked(chat: Chat, { row, origin }: LoadedDataset['rows'][number]): Question {
  const asked = question(row);
  try {
    refuseMedia(row);
    chat.prompt(asked);
  } catch (error) {
    throw atOrigin(error, origin);
  }
  return asked;
}

interface Question {
  readonly messages: readonly Message[];
  readonly tools?: readonly unknown[];
  readonly label?: string;
}

/** A row up to its last user turn, and the answer the dataset gives to it. */
function question({ messages, tools }: StandardRow): Question {
  const last = messages.at(-1);
  return last?.role === 'assistant'
    ? { messages: messages.slice(0, -1), tools, label: answerText(last) }
    : { messages, tools };
}

function toRow(messages: readonly Message[], response: string, label: string | undefined): AnsweredRow {
  const system = messages.find(({ role }) => role === 'system')?.content;
  const history: [string, string][] = [];
  let asked: string[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      history.push([asked.join('\n'), answerText(message)]);
      asked = [];
    } else if (message.role !== 'system') asked.push(message.content);
  }
  return { system, query: asked.join('\n'), response, label, history };
}

/** An answer as a text: what it says, then each of its calls as JSON on a line of its own. */
function answerText({ content, tool_calls = [] }: Message): string {
  const calls = tool_calls.map(({ function: call }) => pythonJson(call));
  return [content, ...calls].filter((line) => line !== '').join('\n');
}
