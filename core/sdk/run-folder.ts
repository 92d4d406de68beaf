import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run writes: `output_dir/<model>/v<N>-<YYYYMMDD-HHMMSS>`, N counting the runs of that model. */
export function runFolder(outputDir: string, modelType: string, now = new Date()): string {
  const parent = join(outputDir, modelType);
  const versions = (existsSync(parent) ? readdirSync(parent) : []).flatMap(
    (name) => /^v(\d+)-/.exec(name)?.[1] ?? [],
  );
  const next = Math.max(-1, ...versions.map(Number)) + 1;
  const [date, time] = now.toISOString().slice(0, 19).split('T');
  return join(parent, `v${next}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`);
}
