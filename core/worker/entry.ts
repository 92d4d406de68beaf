/** The engine's thread or process: takes tasks from those who began it, and tells them what becomes of these. */
import { parentPort } from 'node:worker_threads';
import { isSwiftError } from '../errors.js';
import type { FromEngine, ToEngine } from './messages.js';
import { EngineTasks } from './tasks.js';

const post = (message: FromEngine): void => {
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send!(message);
};
const tasks = new EngineTasks({
  info: (message) => post({ kind: 'log', level: 'info', message }),
  warn: (message) => post({ kind: 'log', level: 'warn', message }),
});
const running = new Map<number, AbortController>();

function receive(message: ToEngine): void {
  if (message.kind === 'call') void run(message);
  else if (message.kind === 'abort') running.get(message.id)?.abort();
  else void tasks.close().finally(() => (parentPort ? parentPort.close() : process.disconnect()));
}

if (parentPort) parentPort.on('message', receive);
else {
  process.on('message', receive);
  // Ctrl-C reaches every process of a terminal; what it means is for the one that began this.
  process.on('SIGINT', () => undefined);
  // Nobody is left to hear how the tasks went: they end early, and write what they write then.
  process.on('disconnect', () => running.forEach((abort) => abort.abort()));
}

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
