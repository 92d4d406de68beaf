import { commandLine } from '../config/command-line.js';
import { createServices } from '../sdk/services.js';
import { train } from '../sdk/train.js';
import { Progress } from './progress.js';
import { TerminalLog } from './terminal.js';

/** `swift sft` and `swift pt`. The first Ctrl-C ends the run after its step, with a checkpoint; the second at once. */
export async function runTraining(command: 'sft' | 'pt', argv: readonly string[]): Promise<void> {
  const args = commandLine(command, argv);
  const log = new TerminalLog();
  const services = createServices({ ...args, log });
  const progress = new Progress(args.disable_tqdm);
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
    log.warn('interrupted: finishing this step and saving a checkpoint; Ctrl-C again ends at once');
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const result = await train(command, args, services, {
      observers: [progress],
      onLog: (entry) => progress.entry(entry),
      signal: interrupt.signal,
    });
    progress.close();
    const { last_model_checkpoint: last, best_model_checkpoint: best, best_metric: metric } = result;
    if (last) process.stdout.write(`last_model_checkpoint: ${last}\n`);
    if (best) process.stdout.write(`best_model_checkpoint: ${best} (eval_loss ${metric!.toFixed(4)})\n`);
    process.stdout.write(`logs and curves: ${result.folder}\n`);
    if (interrupt.signal.aborted) process.exitCode = 130;
  } finally {
    progress.close();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
