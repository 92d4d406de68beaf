import { expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import { EngineTasks } from '../../../core/worker/tasks.js';
import { TINY } from '../../e2e/swift.js';

test('questions that reach one worker at once are answered as one by one, each with its system prompt', async () => {
  const log = { info: () => undefined, warn: () => undefined };
  const args = commandLine('infer', ['--model', TINY, '--temperature', '0', '--max_new_tokens', '12']);
  const questions = ['Who are you?', 'What is the capital of France?', 'What sound does a cow make?'];
  const asked = questions.map((content, i) => ({
    messages: [{ role: 'user', content } as const],
    system: i === 1 ? 'Be brief.' : undefined,
  }));
  const tasks = new EngineTasks(log);
  await tasks.openChat(args, () => undefined, new AbortController().signal);
  const ask = (question: (typeof asked)[number]): Promise<{ readonly text: string }> =>
    tasks.answer(question, () => undefined, new AbortController().signal);
  const alone: string[] = [];
  for (const question of asked) alone.push((await ask(question)).text);
  const together = await Promise.all(asked.map(ask));
  expect(together.map(({ text }) => text)).toEqual(alone);
  expect(new Set(alone).size).toBe(alone.length);
  await tasks.close();
});
