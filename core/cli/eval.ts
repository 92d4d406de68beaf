import { reportRows } from '../eval/report.js';
import { EngineThread } from '../worker/engine-thread.js';
import { EvalProgress } from './eval-progress.js';
import { Interrupts } from './interrupts.js';
import { readArguments } from './read-arguments.js';
import { alignColumns } from './table.js';
import { TerminalLog } from './terminal.js';

/** `swift eval`. The first Ctrl-C ends the run after the answers under way, with a report of what there is. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('eval', argv, log);
  const progress = new EvalProgress();
  const interrupts = new Interrupts(log, 'finishing the answers under way and reporting those there are');
  const engine = new EngineThread(log);
  try {
    const { folder, report } = await engine.call('evaluate', args, {
      signal: interrupts.signal,
      onEvent: (event) => progress.onItem(event),
    });
    progress.close();
    const lines = alignColumns(reportRows(report.results));
    process.stdout.write([...lines, `prompts, answers and report: ${folder}`, ''].join('\n'));
    if (interrupts.code !== undefined) process.exitCode = interrupts.code;
  } finally {
    progress.close();
    interrupts.ignore();
    await engine.close();
    interrupts.leave();
  }
}
