/** Jobs on disk: `job.json` of a run. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TRAIN_COMMANDS } from '../config/commands.js';
import type { Job } from '../contracts/job.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { readJsonObject } from '../io/json-file.js';
import { frozen } from './frozen.js';

export const JOB_FILE = 'job.json';

export function writeJob(path: string, job: Job): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(job, null, 2)}\n`);
}

/** @param path a job's file, or a run's folder @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export function readJob(path: string): Job {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, JOB_FILE) : path;
  if (!existsSync(file)) {
    throw new SwiftError('FILE_NOT_FOUND', `there is no job at ${file}`, {
      cure: `Give the folder of a run, or its ${JOB_FILE}; or show that of a command: swift job show sft --model_type …`,
    });
  }
  const value = readObject(file) as Partial<Job>;
  const { schema, command, arguments: given } = value;
  if (schema !== 1) {
    throw new SwiftError('BAD_FILE', `${file}: schema is ${JSON.stringify(schema)}, expected 1`, {
      cure: 'It is no job, or one of another version: make it anew with swift job show.',
    });
  }
  if (!TRAIN_COMMANDS.some((one) => one === command) || Array.isArray(given) || Object(given) !== given) {
    throw new SwiftError('BAD_FILE', `${file} is not whole: it has no command with arguments`, {
      cure: 'Make it anew with swift job show.',
    });
  }
  if ((given as Job['arguments']).command !== command) {
    throw new SwiftError('BAD_FILE', `${file}: command is '${command}', and its arguments say another one`, {
      cure: 'Give both the same, or make it anew with swift job show.',
    });
  }
  return frozen(value as Job);
}

function readObject(file: string): object {
  try {
    return readJsonObject(file);
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    throw new SwiftError(error.code, error.message, {
      cure: 'Make it anew with swift job show.',
      cause: error,
    });
  }
}

/**
 * The arguments of a job say what it is; all else follows from them and from what lies on this machine.
 * @param now the job that they come to now
 * @throws SwiftError JOB_MISMATCH naming every field that differs
 */
export function checkSameJob(path: string, written: Job, now: Job): void {
  const others = differences(written, now, '').filter((field) => !field.startsWith('arguments.'));
  if (others.length === 0) return;
  const fault = `${path}: the job would be another one here: ${others.join('; ')}`;
  throw new SwiftError('JOB_MISMATCH', fault, {
    cure: [
      'Its arguments say what it is, and the rest follows from them: change it there, or bring back the files it names.',
      'Or make it anew: swift job show.',
    ],
  });
}

/** Fields of two values that differ, as `field: was 1, is 2`. */
export function differences(before: unknown, now: unknown, at: string): string[] {
  const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null;
  if (!isMap(before) || !isMap(now)) {
    const [was, is] = [before, now].map((value) => JSON.stringify(value) ?? 'absent');
    return was === is ? [] : [`${at}: was ${was}, is ${is}`];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) =>
    differences(before[name], now[name], at === '' ? name : `${at}.${name}`),
  );
}
