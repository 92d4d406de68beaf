import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errnoOf } from './files.js';

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never ends where a file system answers ENOENT to
 * folders it does not make, as /proc does.
 *
 * @returns those that were missing, the one asked for first
 * @throws what `mkdir` throws
 */
export function makeFolder(path: string): readonly string[] {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error; // made meanwhile by another process
    }
  }
  return missing;
}
