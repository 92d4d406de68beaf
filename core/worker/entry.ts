/** The engine thread: takes tasks from the main thread, and tells it what becomes of them. */
import { parentPort } from 'node:worker_threads';
import { isSwiftError } from '../errors.js';
import type { FromEngine, ToEngine } from './messages.js';
import { EngineTasks } from './tasks.js';

const port = parentPort!;
const post = (message: FromEngine): void => port.postMessage(message);
const tasks = new EngineTasks({
  info: (message) => post({ kind: 'log', level: 'info', message }),
  warn: (message) => post({ kind: 'log', level: 'warn', message }),
});
const running = new Map<number, AbortController>();

port.on('message', (message: ToEngine) => {
  if (message.kind === 'call') void run(message);
  else if (message.kind === 'abort') running.get(message.id)?.abort();
  else void tasks.close().finally(() => port.close());
});

async function run({ id, task, input }: Extract<ToEngine, { kind: 'call' }>): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const emit = (event: unknown): void => post({ kind: 'event', id, event });
  try {
    post({ kind: 'result', id, result: await tasks[task](input as never, emit, abort.signal) });
  } catch (error) {
    if (isSwiftError(error)) {
      const { code, message, cure, exitCode } = error;
      post({ kind: 'refusal', id, error: { code, message, cure, exitCode } });
    } else {
      post({ kind: 'crash', id, error: error instanceof Error ? error : new Error(String(error)) });
    }
  } finally {
    running.delete(id);
  }
}
