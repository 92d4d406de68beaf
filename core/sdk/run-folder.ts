import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { notWritable } from '../io/atomic-write.js';
import { errnoOf } from '../io/files.js';
import { makeFolder } from '../io/make-folder.js';

/** Where a run writes: `output_dir/<model>/v<N>-<YYYYMMDD-HHMMSS>`, N counting the runs of that model. */
export function runFolder(outputDir: string, modelType: string, now = new Date()): string {
  const parent = parentOf(outputDir, modelType);
  const versions = (existsSync(parent) ? readdirSync(parent) : []).flatMap(
    (name) => /^v(\d+)-/.exec(name)?.[1] ?? [],
  );
  const next = Math.max(-1, ...versions.map(Number)) + 1;
  const [date, time] = now.toISOString().slice(0, 19).split('T');
  return join(parent, `v${next}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`);
}

/**
 * Makes a run's folder. Of two runs that begin in the same second, the later one takes the next number.
 * @throws SwiftError FILE_NOT_WRITABLE
 */
export function makeRunFolder(outputDir: string, modelType: string, now?: Date): string {
  const parent = parentOf(outputDir, modelType);
  for (;;) {
    let folder = parent;
    try {
      makeFolder(parent);
      folder = runFolder(outputDir, modelType, now);
      mkdirSync(folder);
      return folder;
    } catch (error) {
      const isTaken = folder !== parent && errnoOf(error) === 'EEXIST';
      if (!isTaken) throw notWritable(folder, error);
    }
  }
}

/** Ids of models in folders of a repository hold a colon, which Windows keeps out of names. */
const parentOf = (outputDir: string, modelType: string): string =>
  join(outputDir, modelType.replaceAll(':', '-'));
