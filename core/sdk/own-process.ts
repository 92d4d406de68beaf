/** Jobs in a process of their own. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, TrainResult } from '../contracts/job.js';
import type { Log } from '../contracts/log.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { writeJob } from '../job/job-file.js';
import { EngineProcess } from '../worker/engine-process.js';
import type { TrainEvent } from '../worker/messages.js';
import type { TrainHooks } from './train-in-folder.js';

/** Writes a job to disk and has another process carry it out by this runtime. @throws SwiftError */
export async function trainInOwnProcess(job: Job, log: Log, hooks: TrainHooks): Promise<TrainResult> {
  const path = join(tmpdir(), `swift-job-${randomUUID()}.json`);
  await writeForOther(path, job);
  const engine = new EngineProcess(log);
  try {
    let told: Promise<unknown> = Promise.resolve();
    const onEvent = (event: TrainEvent): void => {
      told = told.then(() => tell(event, hooks));
    };
    const result = await engine.call('trainHere', { path }, { signal: hooks.signal, onEvent });
    await told;
    return result;
  } finally {
    await engine.close();
    await rm(path, { force: true });
  }
}

async function writeForOther(path: string, job: Job): Promise<void> {
  try {
    await writeJob(path, job);
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    const { code, message, exitCode } = error;
    const cure = 'The job is handed to the other process in a file there: set TMPDIR to another folder.';
    throw new SwiftError(code, message, { cure, exitCode, cause: error });
  }
}

/** What a run says of itself, to those who follow it. */
async function tell(event: TrainEvent, { observers = [], onLog, onFolder }: TrainHooks): Promise<void> {
  if (event.kind === 'folder') onFolder?.(event.folder);
  else if (event.kind === 'entry') onLog?.(event.entry);
  for (const observer of observers) {
    if (event.kind === 'start') await observer.onStart?.(event.report);
    else if (event.kind === 'step') await observer.onStep?.(event.report);
    else if (event.kind === 'evaluate') await observer.onEvaluate?.(event.report);
    else if (event.kind === 'end') await observer.onEnd?.(event.state);
  }
}
