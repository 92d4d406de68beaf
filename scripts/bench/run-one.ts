import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DecodeBench } from './decode.js';
import type { LlamaBench } from './peer-llama.js';
import type { DpoBench } from './preferences.js';
import type { BenchRow } from './row.js';
import type { SeeingBench } from './seeing.js';
import type { TrainBench } from './train.js';

/** Anything that `main.js one` measures. */
export type Bench = TrainBench | SeeingBench | DecodeBench | DpoBench | LlamaBench;

/** Measures in a process of its own, so that peak memory is its own too. @param main the program that measures */
export function runOne(
  bench: Bench,
  main: string = fileURLToPath(new URL('main.js', import.meta.url)),
): BenchRow {
  const argv = [main, 'one', JSON.stringify(bench)];
  const run = spawnSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (run.status !== 0) throw new Error(`${argv.join(' ')} ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as BenchRow;
}
