import type { TrainCommand } from '../config/commands.js';
import { readArguments } from './read-arguments.js';
import { isSwiftError } from '../errors.js';
import type { TrainResult } from '../contracts/job.js';
import { EngineThread } from '../worker/engine-thread.js';
import type { TrainEvent } from '../worker/messages.js';
import { Interrupts } from './interrupts.js';
import { Progress } from './progress.js';
import { TerminalLog, writeLine } from './terminal.js';
import type { RunPlace } from './resume-command.js';

/** How a run is heard of and ended. */
interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainEvent) => void;
}

/** `swift sft`, `pt` and `rlhf`. */
export async function trainCommand(command: TrainCommand, argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments(command, argv, log);
  await followRun({ command, argv, args }, log, (engine, options) =>
    engine.call('train', { command, args }, options),
  );
}

/**
 * Shows a run as it goes, and how to go on where it ended early. The first Ctrl-C ends it after its step, with a checkpoint;
 * the second at once.
 */
export async function followRun(
  place: RunPlace,
  log: TerminalLog,
  begin: (engine: EngineThread, options: FollowOptions) => Promise<TrainResult>,
): Promise<void> {
  const progress = new Progress(place.args.disable_tqdm);
  const interrupts = new Interrupts(log, 'finishing this step and saving a checkpoint');
  const engine = new EngineThread(log);
  try {
    const result = await begin(engine, {
      signal: interrupts.signal,
      onEvent: (event) => follow(event, progress, place),
    });
    progress.close();
    const { last_model_checkpoint: last, best_model_checkpoint: best, best_metric: best_of } = result;
    if (last) process.stdout.write(`last_model_checkpoint: ${last}\n`);
    if (best)
      process.stdout.write(
        `best_model_checkpoint: ${best} (eval_${result.metric_for_best_model} ${best_of!.toFixed(4)})\n`,
      );
    process.stdout.write(`logs and curves: ${result.folder}\n`);
    if (interrupts.code !== undefined) {
      process.exitCode = interrupts.code;
      if (last) await sayHowToGoOn(last, place);
    }
  } catch (error) {
    if (!isSwiftError(error) || error.code !== 'ENGINE_CRASHED') throw error;
    const { withResume } = await import('./resume-command.js');
    throw await withResume(error, place);
  } finally {
    progress.close();
    interrupts.ignore();
    await engine.close();
    interrupts.leave();
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
    case 'end':
      break;
  }
}
