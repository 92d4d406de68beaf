import type { TrainArguments } from '../config/command-line.js';
import { TRAIN_COMMANDS, type TrainCommand } from '../config/commands.js';
import { didYouMean, SwiftError } from '../errors.js';
import { readJob } from '../job/job-file.js';
import type { Job } from '../contracts/job.js';
import { readArguments } from './read-arguments.js';
import { TerminalLog } from './terminal.js';
import { followRun } from './train.js';

const USES = [
  'swift job show sft --model_type … --dataset …   what a command comes to, before anything is trained',
  'swift job show <run folder or job.json>         what a run was',
  'swift job run <run folder or job.json>          train so, by the engine that the job names',
];

/** `swift job`: training jobs as JSON. */
export async function run([verb, ...rest]: readonly string[]): Promise<void> {
  if (verb === 'show') return show(rest);
  if (verb === 'run') return runPath(rest);
  const fault = verb === undefined ? 'what to do with a job is not said' : `a job cannot '${verb}'`;
  throw new SwiftError('BAD_ARGUMENT', fault, {
    cure: [...(verb === undefined ? [] : didYouMean(verb, ['show', 'run'])), ...USES],
  });
}

async function show([what, ...rest]: readonly string[]): Promise<void> {
  const command = TRAIN_COMMANDS.find((one) => one === what);
  const job = command ? await jobOf(command, rest) : readJob(onePath([what, ...rest]));
  process.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
}

async function jobOf(command: TrainCommand, argv: readonly string[]): Promise<Job> {
  const log = new TerminalLog();
  const args: TrainArguments = await readArguments(command, argv, log);
  const { resolveTraining } = await import('../sdk/resolve-training.js');
  const { createServices } = await import('../sdk/services.js');
  const { job } = await resolveTraining(command, args, createServices({ ...args, log }));
  return job;
}

async function runPath(words: readonly string[]): Promise<void> {
  const path = onePath(words);
  const { command, arguments: args } = readJob(path);
  const place = { command, argv: [], args: args as unknown as TrainArguments };
  await followRun(place, new TerminalLog(), (engine, options) => engine.call('runJob', { path }, options));
}

/** @throws SwiftError BAD_ARGUMENT */
function onePath([path, ...extra]: readonly (string | undefined)[]): string {
  if (path !== undefined && !path.startsWith('-') && extra.length === 0) return path;
  const fault =
    path === undefined
      ? 'no job is given'
      : `'${path.startsWith('-') ? path : extra[0]}' is not expected here`;
  throw new SwiftError('BAD_ARGUMENT', fault, {
    cure: [...(path === undefined ? [] : didYouMean(path, TRAIN_COMMANDS)), ...USES],
  });
}
