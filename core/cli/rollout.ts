import { EngineThread } from '../worker/engine-thread.js';
import { Interrupts } from './interrupts.js';
import { readArguments } from './read-arguments.js';
import { TerminalLog } from './terminal.js';

/** `swift rollout`: serves until Ctrl-C. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('rollout', argv, log);
  const interrupts = new Interrupts(log, 'closing the server');
  const engine = new EngineThread(log);
  try {
    await engine.call('rollout', args, {
      signal: interrupts.signal,
      onEvent: ({ url }) => process.stdout.write(`${url}\n`),
    });
    if (interrupts.code !== undefined) process.exitCode = interrupts.code;
  } finally {
    interrupts.ignore();
    await engine.close();
    interrupts.leave();
  }
}
