/**
 * `npm run bench -- train|full|memory|start [--json]`. Every configuration runs in a process of its own, so that peak
 * memory is its own too.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchDecode, type DecodeBench } from './decode.js';
import { printTable, type BenchRow } from './row.js';
import { benchStart } from './start.js';
import { benchTrain, type TrainBench } from './train.js';

const LORA: TrainBench = {
  ...{
    shape: 'smollm2-135m',
    tuner: 'lora',
    format: 'f32',
    precision: 'fp32',
    residuals: 'save',
    offload: false,
  },
  ...{ batch: 1, seq: 512, steps: 5 },
};

const DECODE: DecodeBench = { shape: 'smollm2-135m', format: 'f32', batch: 1, seq: 512, steps: 60 };

const SUITES: Readonly<Record<string, readonly (TrainBench | DecodeBench)[]>> = {
  train: [
    LORA,
    { ...LORA, batch: 4 },
    { ...LORA, batch: 4, residuals: 'recompute' },
    { ...LORA, seq: 2048 },
    { ...LORA, format: 'bf16' },
    { ...LORA, format: 'int8' },
    { ...LORA, format: 'int8', precision: 'int8' },
    { ...LORA, format: 'int8', precision: 'int8', batch: 4 },
    { ...LORA, format: 'int4' },
    { ...LORA, format: 'nf4' },
  ],
  full: [{ ...LORA, tuner: 'full' }],
  decode: [
    DECODE,
    { ...DECODE, batch: 8 },
    { ...DECODE, format: 'int8' },
    { ...DECODE, format: 'int4' },
    { ...DECODE, format: 'int4', batch: 8 },
  ],
  memory: [
    { ...LORA, shape: 'qwen2-0.5b', format: 'int4', steps: 2 },
    { ...LORA, shape: 'qwen2-1.5b', format: 'int4', steps: 1 },
    { ...LORA, shape: 'qwen2-7b', format: 'int4', residuals: 'recompute', offload: true, steps: 1 },
  ],
};

const [what = 'train', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');

if (what === 'one') {
  const bench = JSON.parse(rest[0]) as TrainBench | DecodeBench;
  console.log(JSON.stringify('tuner' in bench ? await benchTrain(bench) : await benchDecode(bench)));
} else if (what in SUITES) {
  const rows = SUITES[what].map((bench) => {
    const argv = [fileURLToPath(import.meta.url), 'one', JSON.stringify(bench)];
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
  console.error(`bench: there is no '${what}'. Choose ${Object.keys(SUITES).join(', ')} or start.`);
  process.exitCode = 2;
}
