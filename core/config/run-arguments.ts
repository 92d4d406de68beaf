/** The arguments a run was given, from its checkpoint: `--resume_from_checkpoint X` alone goes on with them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwiftError } from '../errors.js';
import type { Arguments } from './argument.js';
import { canonicalNames, type GivenValue } from './resolve.js';

/** Where a run writes is its own affair: going on is a run of its own. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'resume_from_checkpoint',
  'resume_only_model',
  'ignore_resume_mismatch',
]);

/**
 * What is given, and beside it what the checkpoint of `resume_from_checkpoint` was trained with. What is given wins.
 *
 * @throws SwiftError BAD_FILE where args.json is no map
 */
export function withRunArguments(
  known: Arguments,
  given: ReadonlyMap<string, GivenValue>,
): ReadonlyMap<string, GivenValue> {
  const folder = given.get('resume_from_checkpoint')?.value;
  const path = typeof folder === 'string' || Array.isArray(folder) ? join(String(folder), 'args.json') : '';
  if (!existsSync(path)) return given;
  const names = canonicalNames(known);
  const taken = new Map(given);
  const held = new Set([...given.keys()].map((name) => names.get(name) ?? name));
  for (const [name, value] of Object.entries(readArgs(path))) {
    if (value === null || NOT_TAKEN.has(name) || held.has(name) || !Object.hasOwn(known, name)) continue;
    taken.set(name, { value, place: `${path}: ${name}` });
  }
  return taken;
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
