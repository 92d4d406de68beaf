/** Jobs from disk. */
import { rm } from 'node:fs/promises';
import { commandOptions } from '../config/command-line.js';
import type { Job, TrainResult } from '../contracts/job.js';
import type { Log } from '../contracts/log.js';
import { checkSameJob, readJob } from '../job/job-file.js';
import { loadPlugins } from '../registry/load-plugins.js';
import { resolveTraining, type ResolvedTraining } from './resolve-training.js';
import type { TrainHooks } from './train-in-folder.js';
import { createServices, type ServiceOptions } from './services.js';
import { runResolved, trainHere } from './train.js';

/**
 * Has a job carried out by its engine.
 * @param path of its file, or of the folder of a run whose job is to be done again
 * @throws SwiftError JOB_MISMATCH where its arguments come to another job on this machine
 */
export async function runJob(path: string, log: Log, hooks: TrainHooks = {}): Promise<TrainResult> {
  return runResolved(await resolveAgain(path, readJob(path), log), hooks);
}

/**
 * The same by this runtime in this process, whatever the job's engine.
 * @param path of a file that was written for this process alone, which takes it away
 */
export async function runJobHere(path: string, log: Log, hooks: TrainHooks): Promise<TrainResult> {
  const written = readJob(path);
  await rm(path);
  return trainHere(await resolveAgain(path, written, log), hooks);
}

async function resolveAgain(path: string, written: Job, log: Log): Promise<ResolvedTraining> {
  const resolved = await resolveTraining(...(await openJob(written, log)));
  checkSameJob(path, written, resolved.job);
  return resolved;
}

/** What a job is resolved from anew. */
async function openJob(
  { command, arguments: given }: Job,
  log: Log,
): Promise<Parameters<typeof resolveTraining>> {
  const { plugins = [], ...rest } = given as unknown as ServiceOptions;
  await loadPlugins(plugins);
  const services = createServices({ ...rest, plugins, log });
  const { command: _command, ...options } = given;
  return [command, commandOptions(command, options, services), services];
}
