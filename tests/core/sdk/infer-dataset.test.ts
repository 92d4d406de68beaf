/** Answering a dataset: what is asked, and what the result file says of it. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import { DataReport } from '../../../core/data/index.js';
import type { Chat } from '../../../core/sdk/chat.js';
import { inferDataset } from '../../../core/sdk/infer-dataset.js';

type Asked = Parameters<Chat['answerAll']>[0];

/** Answers `x`, and remembers what it was asked. */
function listener(): { readonly chat: Chat; readonly asked: Asked[number][] } {
  const asked: Asked[number][] = [];
  const chat = {
    ask: () => Promise.resolve({ ids: [] }),
    answerAll: (conversations: Asked) => {
      asked.push(...conversations);
      return Promise.resolve(conversations.map(() => ({ text: 'x' })));
    },
  };
  return { chat: chat as unknown as Chat, asked };
}

async function answered(
  row: StandardRow,
): Promise<{ readonly line: unknown; readonly asked: Asked[number] }> {
  const output = join(await mkdtemp(join(tmpdir(), 'swift-infer-')), 'answers.jsonl');
  const { chat, asked } = listener();
  const dataset = { name: 'd', rows: [{ row, origin: { file: 'd', line: 1 } }], report: new DataReport('d') };
  await inferDataset(chat, [dataset], { batchSize: 2, output });
  return { line: JSON.parse(await readFile(output, 'utf8')), asked: asked[0] };
}

const call = (name: string) => ({ type: 'function' as const, function: { name, arguments: { x: 1 } } });
const messages: Message[] = [
  { role: 'system', content: 's' },
  { role: 'user', content: 'Weather and time?' },
  { role: 'assistant', content: 'Hm.', tool_calls: [call('weather'), call('time')] },
  { role: 'tool', content: '18' },
  { role: 'tool', content: 'noon' },
  { role: 'assistant', content: 'Mild.' },
  { role: 'user', content: 'And now?' },
  { role: 'assistant', content: '', tool_calls: [call('weather')] },
];

test('tools are asked along, and every question stands beside its own answer', async () => {
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  const { line, asked } = await answered({ messages, tools });
  expect(asked).toMatchObject({ messages: messages.slice(0, -1), tools });
  const said = (name: string) => `{"name": "${name}", "arguments": {"x": 1}}`;
  expect(line).toEqual({
    system: 's',
    query: 'And now?',
    response: 'x',
    label: said('weather'),
    history: [
      ['Weather and time?', `Hm.\n${said('weather')}\n${said('time')}`],
      ['18\nnoon', 'Mild.'],
    ],
  });
});

test('what tools gave back is a question where it comes last', async () => {
  const { line } = await answered({ messages: messages.slice(0, 5) });
  expect(line).toMatchObject({ query: '18\nnoon', history: [['Weather and time?', expect.any(String)]] });
  expect(line).not.toHaveProperty('label');
});
