import { counted } from '../counted.js';
import { EngineThread } from '../worker/engine-thread.js';
import { Interrupts } from './interrupts.js';
import { readArguments } from './read-arguments.js';
import { TerminalLog, writeLine } from './terminal.js';

/** `swift sample`. The first Ctrl-C ends the run after the rows under way, and `--resume true` goes on. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('sample', argv, log);
  const interrupts = new Interrupts(log, 'finishing the rows under way');
  const engine = new EngineThread(log);
  try {
    const { output, done, total, kept } = await engine.call('sample', args, {
      signal: interrupts.signal,
      onEvent: (row) => writeLine(`[${row.done}/${row.total}] ${counted(row.kept, 'answer')} kept`),
    });
    if (done < total) writeLine(`${done} of ${counted(total, 'row')} done; to go on: --resume true`);
    else process.stdout.write(`${counted(kept, 'answer')} of ${counted(total, 'row')}: ${output}\n`);
    if (interrupts.code !== undefined) process.exitCode = interrupts.code;
  } finally {
    interrupts.ignore();
    await engine.close();
    interrupts.leave();
  }
}
