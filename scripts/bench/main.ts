/**
 * `npm run bench -- train|start [--json]`. Every configuration runs in a process of its own, so that peak memory is
 * its own too.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { printTable, type BenchRow } from './row.js';
import { benchStart } from './start.js';
import { benchTrain } from './train.js';

const CONFIGURATIONS = [
  ['1', '512', 'save'],
  ['4', '512', 'save'],
  ['4', '512', 'recompute'],
  ['1', '2048', 'save'],
] as const;

const [what = 'train', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');

if (what === 'train-one') {
  const [batch, seq, residuals] = rest;
  console.log(
    JSON.stringify(await benchTrain(Number(batch), Number(seq), residuals as 'save' | 'recompute')),
  );
} else if (what === 'train') {
  const rows = CONFIGURATIONS.map((configuration) => {
    const argv = [fileURLToPath(import.meta.url), 'train-one', ...configuration];
    const run = spawnSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (run.status !== 0) process.exit(run.status ?? 1);
    return JSON.parse(run.stdout) as BenchRow;
  });
  if (json) console.log(JSON.stringify(rows, null, 2));
  else printTable(rows);
} else if (what === 'start') {
  const rows = benchStart();
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { name, ms, ratio } of rows)
      console.log(`${name.padEnd(20)}${ms.toFixed(0)} ms  ${ratio.toFixed(2)}x`);
} else {
  console.error(`bench: there is no '${what}'. Choose train or start.`);
  process.exitCode = 2;
}
