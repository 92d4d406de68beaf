import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Message, StandardRow } from '../contracts/row.js';
import { atOrigin, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { notWritable } from '../io/atomic-write.js';
import type { Chat, FullConversation } from './chat.js';
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
  /** Its images as the row has them; null for bytes without a name. Absent where there are none. */
  readonly images?: readonly (string | null)[];
}

/** Answers the last user turn of every row. */
export async function inferDataset(
  chat: Chat,
  datasets: readonly LoadedDataset[],
  { batchSize, output, onAnswer }: InferDatasetOptions,
): Promise<number> {
  requireChat('inferDataset', chat);
  const questions: Question[] = [];
  for (const { rows } of datasets) for (const row of rows) questions.push(await checked(chat, row));
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
    const rows = batch.map((asked, i) => toRow(asked, answers[i].text));
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
async function checked(chat: Chat, { row, origin }: LoadedDataset['rows'][number]): Promise<Question> {
  const { images, ...others } = row;
  const asked = { ...question(row), images, folder: dirname(origin.file) };
  try {
    refuseMedia(others);
    await chat.ask(asked);
  } catch (error) {
    throw atOrigin(error, origin);
  }
  return asked;
}

interface Question extends FullConversation {
  readonly label?: string;
}

/** A row up to its last user turn, and the answer the dataset gives to it. */
function question({ messages, tools }: StandardRow): Question {
  const last = messages.at(-1);
  return last?.role === 'assistant'
    ? { messages: messages.slice(0, -1), tools, label: answerText(last) }
    : { messages, tools };
}

function toRow({ messages, label, images = [] }: Question, response: string): AnsweredRow {
  const system = messages.find(({ role }) => role === 'system')?.content;
  const history: [string, string][] = [];
  let asked: string[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      history.push([asked.join('\n'), answerText(message)]);
      asked = [];
    } else if (message.role !== 'system') asked.push(message.content);
  }
  const row = { system, query: asked.join('\n'), response, label, history };
  const names = images.map((image) => (typeof image === 'string' ? image : (image.path ?? null)));
  return names.length > 0 ? { ...row, images: names } : row;
}

/** An answer as a text: what it says, then each of its calls as JSON on a line of its own. */
function answerText({ content, tool_calls = [] }: Message): string {
  const calls = tool_calls.map(({ function: call }) => pythonJson(call));
  return [content, ...calls].filter((line) => line !== '').join('\n');
}
