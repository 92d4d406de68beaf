import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FoundObjects } from '../contracts/grounding.js';
import type { MediaField, MediaLists, MediaSource } from '../contracts/media.js';
import type { Message, StandardRow } from '../contracts/row.js';
import { atOrigin, joinMedia, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { each } from '../infer/requests.js';
import { notWritable } from '../io/atomic-write.js';
import type { Chat, FullConversation } from './chat.js';
import { pythonJson } from '../template/index.js';
import { requireChat } from './check-given.js';
import { drawingName } from './answers-file.js';
import { drawObjects } from './draw-objects.js';
import { makeFolder } from '../io/make-folder.js';

export interface InferDatasetOptions {
  /** Rows answered side by side; the next is begun when one ends. A chat with fewer slots gets as many. */
  readonly batchSize: number;
  /**
   * jsonl file that answers are appended to in the order of the rows, each once all before it are there. Where the work ends
   * early, by `signal` or by a fault, all finished ones are appended, whatever is missing between them.
   */
  readonly output: string;
  /** Told of each line. */
  readonly onAnswer?: (row: AnsweredRow, done: number, total: number) => void;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
  /** Folder that gets a copy of each image that an answer finds something in, with boxes drawn, by the number of its line. */
  readonly draw?: string;
}

/** A row's media as it names them; null for bytes without a name. Absent where there are none. */
type MediaNames = { readonly [F in MediaField]?: readonly (string | null)[] };

/** One line of the result file; names as SWIFT 2.4 has them. */
export interface AnsweredRow extends MediaNames {
  readonly system?: string;
  readonly query: string;
  /** Its text, then its calls of tools as JSON, each on a line. */
  readonly response: string;
  /** What the dataset says. */
  readonly label?: string;
  /** Earlier turns: what the user or tools said, and the answer, its calls of tools as JSON. */
  readonly history: readonly (readonly [query: string, response: string])[];
  /** Things that the response speaks of, and their places in the first image, in its pixels. */
  readonly objects?: FoundObjects;
  /** A copy of that image with them drawn on it. */
  readonly drawn?: string;
}

/** Answers the last user turn of every row; returns how many lines were written. */
export async function inferDataset(
  chat: Chat,
  datasets: readonly LoadedDataset[],
  { batchSize, output, onAnswer, signal, draw }: InferDatasetOptions,
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
  if (chat.slots < batchSize) chat.slots = batchSize;
  const lines = new OrderedLines(output, (row, done) => onAnswer?.(row, done, questions.length));
  try {
    await each(questions, { atOnce: batchSize, signal }, async (asked, i, ending) => {
      const [{ text, tool_calls, finish_reason, objects }] = await chat.answerAll([asked], undefined, ending);
      const response = answerText({ role: 'assistant', content: text, tool_calls });
      if (finish_reason === 'abort') return;
      const drawn = draw && objects && join(draw, drawingName(i + 1));
      if (drawn) await drawObjects(asked, objects, drawn);
      lines.put(i, { ...toRow(asked, response), ...(objects && { objects }), ...(drawn && { drawn }) });
    });
  } finally {
    lines.end();
  }
  return lines.written;
}

/** Appends lines in their order, whatever order they come in. */
class OrderedLines {
  written = 0;
  private next = 0;
  private readonly held = new Map<number, AnsweredRow>();

  constructor(
    private readonly path: string,
    private readonly onLine: (row: AnsweredRow, written: number) => void,
  ) {}

  put(number: number, row: AnsweredRow): void {
    this.held.set(number, row);
    while (this.held.has(this.next)) this.write(this.next++);
  }

  /** Appends those that wait for others. */
  end(): void {
    for (const number of [...this.held.keys()].sort((a, b) => a - b)) this.write(number);
  }

  private write(number: number): void {
    const row = this.held.get(number)!;
    this.held.delete(number);
    try {
      appendFileSync(this.path, `${JSON.stringify(row)}\n`);
    } catch (error) {
      throw notWritable(this.path, error);
    }
    this.onLine(row, ++this.written);
  }
}

/** All rows are checked before the first is answered: the last one may be hours away. */
async function checked(chat: Chat, { row, origin }: LoadedDataset['rows'][number]): Promise<Question> {
  const folder = dirname(origin.file);
  try {
    const asked = {
      ...question(row.objects ? await chat.spoken(row, folder) : row),
      ...joinMedia(row),
      folder,
    };
    await chat.ask(asked);
    return asked;
  } catch (error) {
    throw atOrigin(error, origin);
  }
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

function toRow({ messages, label, ...media }: Question, response: string): AnsweredRow {
  const system = messages.find(({ role }) => role === 'system')?.content;
  const history: [string, string][] = [];
  let asked: string[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      history.push([asked.join('\n'), answerText(message)]);
      asked = [];
    } else if (message.role !== 'system') asked.push(message.content);
  }
  return { system, query: asked.join('\n'), response, label, history, ...namesOf(media) };
}

function namesOf(media: MediaLists): MediaNames {
  const name = (source: MediaSource): string | null =>
    typeof source === 'string' ? source : (source.path ?? null);
  return Object.fromEntries(Object.entries(joinMedia(media)).map(([field, list]) => [field, list.map(name)]));
}

/** An answer as a text: what it says, then each of its calls as JSON on a line of its own. */
function answerText({ content, tool_calls = [] }: Message): string {
  const calls = tool_calls.map(({ function: call }) => pythonJson(call));
  return [content, ...calls].filter((line) => line !== '').join('\n');
}
