/** Answering a dataset side by side: the order of its file, and what an early end leaves there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataReport } from '../../../core/data/index.js';
import type { Chat, FullConversation } from '../../../core/sdk/chat.js';
import { inferDataset } from '../../../core/sdk/infer-dataset.js';
import { temporaryFolder } from '../io/temporary-folder.js';

/** Answers when it is told to, with the question. */
class SlowChat {
  slots = 2;
  readonly ask = () => Promise.resolve({ ids: [] });
  private readonly open = new Map<string, { end: () => void; fail: () => void }>();

  answerAll(
    [{ messages }]: readonly FullConversation[],
    _: undefined,
    signal: AbortSignal,
  ): Promise<object[]> {
    const { content } = messages[0];
    return new Promise((resolve, reject) => {
      const settle = (finish_reason: string): void => {
        this.open.delete(content);
        resolve([{ text: `to ${content}`, finish_reason }]);
      };
      signal.addEventListener('abort', () => settle('abort'));
      this.open.set(content, { end: () => settle('stop'), fail: () => reject(new Error('no answer')) });
    });
  }

  get asked(): string[] {
    return [...this.open.keys()];
  }

  async end(content: string, how: 'end' | 'fail' = 'end'): Promise<void> {
    this.open.get(content)![how]();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function begin(batchSize: number, signal?: AbortSignal) {
  const chat = new SlowChat();
  const output = join(temporaryFolder(), 'answers.jsonl');
  const rows = ['a', 'b', 'c', 'd', 'e'].map((content, i) => ({
    row: { messages: [{ role: 'user' as const, content }] },
    origin: { file: 'd', line: i + 1 },
  }));
  const told: string[] = [];
  const onAnswer = ({ query }: { query: string }, done: number, total: number): void =>
    void told.push(`${query} ${done}/${total}`);
  const dataset = { name: 'd', rows, report: new DataReport('d') };
  const options = { batchSize, output, onAnswer, signal };
  const work = inferDataset(chat as unknown as Chat, [dataset], options);
  work.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  const lines = (): string[] =>
    existsSync(output)
      ? readFileSync(output, 'utf8')
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { response: string }).response)
      : [];
  return { chat, work, lines, told };
}

test('a row is begun when another ends; a line is written once all before it are', async () => {
  const { chat, work, lines, told } = await begin(3);
  expect(chat.slots).toBe(3);
  expect(chat.asked).toEqual(['a', 'b', 'c']);
  await chat.end('b');
  expect(chat.asked).toEqual(['a', 'c', 'd']);
  expect(lines()).toEqual([]);
  await chat.end('a');
  expect(lines()).toEqual(['to a', 'to b']);
  await chat.end('d');
  await chat.end('e');
  expect(lines()).toEqual(['to a', 'to b']);
  await chat.end('c');
  expect(await work).toBe(5);
  expect(lines()).toEqual(['to a', 'to b', 'to c', 'to d', 'to e']);
  expect(told).toEqual(['a 1/5', 'b 2/5', 'c 3/5', 'd 4/5', 'e 5/5']);
});

test('an early end leaves what was finished, in order', async () => {
  const abort = new AbortController();
  const { chat, work, lines } = await begin(3, abort.signal);
  await chat.end('c');
  await chat.end('b');
  abort.abort();
  expect(await work).toBe(2);
  expect(lines()).toEqual(['to b', 'to c']);
});

test('so does a fault, which ends the others', async () => {
  const { chat, work, lines } = await begin(3);
  await chat.end('b');
  await chat.end('a', 'fail');
  await expect(work).rejects.toThrow('no answer');
  expect(chat.asked).toEqual([]);
  expect(lines()).toEqual(['to b']);
});
