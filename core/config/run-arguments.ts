/** The arguments a run was given, from its checkpoint: `--resume_from_checkpoint X` alone goes on with them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwiftError } from '../errors.js';
import type { GivenValue } from './resolve.js';

/** Where a run writes is its own affair: going on is a run of its own. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'resume_from_checkpoint',
  'resume_only_model',
  'ignore_resume_mismatch',
]);

/**
 * What the checkpoint of `resume_from_checkpoint` was trained with; nothing without one.
 *
 * @throws SwiftError BAD_FILE where args.json is no map
 */
export function runArguments(given: ReadonlyMap<string, GivenValue>): ReadonlyMap<string, GivenValue> {
  const folder = given.get('resume_from_checkpoint')?.value;
  const path = typeof folder === 'string' || Array.isArray(folder) ? join(String(folder), 'args.json') : '';
  if (!existsSync(path)) return new Map();
  const held = Object.entries(readArgs(path)).filter(
    ([name, value]) => value !== null && !NOT_TAKEN.has(name),
  );
  return new Map(held.map(([name, value]) => [name, { value, place: `${path}: ${name}` }]));
}

/** What is given, and beside it what a run was given. What is given wins, under whichever name. */
export function withRunArguments(
  names: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, GivenValue>,
  run: ReadonlyMap<string, GivenValue>,
): ReadonlyMap<string, GivenValue> {
  const held = new Set([...given.keys()].map((name) => names.get(name) ?? name));
  return new Map([...given, ...[...run].filter(([name]) => !held.has(name))]);
}

function readArgs(path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SwiftError('BAD_FILE', `${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...value };
  throw new SwiftError('BAD_FILE', `${path} holds no map of arguments`, {
    cure: 'Give another checkpoint of the run.',
  });
}
