import type { TrainCommand } from '../config/commands.js';
import { constants } from 'node:os';
import { readArguments } from './read-arguments.js';
import { isSwiftError } from '../errors.js';
import { EngineThread } from '../worker/engine-thread.js';
import type { TrainEvent } from '../worker/messages.js';
import { Progress } from './progress.js';
import { leaveTerminal, TerminalLog, writeLine } from './terminal.js';
import type { RunPlace } from './resume-command.js';

/** Ctrl-C, `kill`, and the terminal that closes. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `swift sft` and `swift pt`. The first Ctrl-C ends the run after its step, with a checkpoint; the second at once. */
export async function runTraining(command: TrainCommand, argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments(command, argv, log);
  const progress = new Progress(args.disable_tqdm);
  const place: RunPlace = { command, argv, args };
  const interrupt = new AbortController();
  let hungUp = false;
  let exitCode = 130;
  const onInterrupt = (signal: NodeJS.Signals): void => {
    hungUp ||= signal === 'SIGHUP';
    exitCode = 128 + constants.signals[signal];
    if (interrupt.signal.aborted) process.exit(exitCode);
    interrupt.abort();
    log.warn('interrupted: finishing this step and saving a checkpoint; Ctrl-C again ends at once');
  };
  for (const signal of INTERRUPTS) process.on(signal, onInterrupt);
  const engine = new EngineThread(log);
  try {
    const result = await engine.call(
      'train',
      { command, args },
      { signal: interrupt.signal, onEvent: (event) => follow(event, progress, place) },
    );
    progress.close();
    const { last_model_checkpoint: last, best_model_checkpoint: best, best_metric: metric } = result;
    if (last) process.stdout.write(`last_model_checkpoint: ${last}\n`);
    if (best) process.stdout.write(`best_model_checkpoint: ${best} (eval_loss ${metric!.toFixed(4)})\n`);
    process.stdout.write(`logs and curves: ${result.folder}\n`);
    if (interrupt.signal.aborted) {
      process.exitCode = exitCode;
      if (last) await sayHowToGoOn(last, place);
    }
  } catch (error) {
    if (!isSwiftError(error) || error.code !== 'ENGINE_CRASHED') throw error;
    const { withResume } = await import('./resume-command.js');
    throw await withResume(error, place);
  } finally {
    progress.close();
    for (const signal of INTERRUPTS) process.off(signal, onInterrupt);
    await engine.close();
    if (hungUp) leaveTerminal();
  }
}

async function sayHowToGoOn(checkpoint: string, place: RunPlace): Promise<void> {
  const { resumeCommand } = await import('./resume-command.js');
  writeLine(`to go on: ${resumeCommand(place, checkpoint)}`);
}

function follow(event: TrainEvent, progress: Progress, place: RunPlace): void {
  switch (event.kind) {
    case 'folder':
      place.folder = event.folder;
      break;
    case 'start':
      place.step = event.report.state.global_step;
      progress.onStart(event.report);
      break;
    case 'step':
      place.step = event.report.state.global_step;
      progress.onStep(event.report);
      break;
    case 'evaluate':
      progress.onEvaluate(event.report);
      break;
    case 'entry':
      progress.entry(event.entry);
      break;
  }
}
