/** `npm run bench -- train|full|seeing|decode|memory|start|quantize|encode|rlhf|images|peers|turns [--json]`; `peers <title>` runs those that match, `encode` takes a folder. `turns <folder> [suite] [count]`: another built checkout beside this one. */
import { benchDecode, type DecodeBench } from './decode.js';
import { benchEncode } from './encode.js';
import { benchImages, printImages } from './images.js';
import { benchLlama } from './peer-llama.js';
import { benchPeers } from './peers.js';
import { benchDpo, benchPreferences, printPreferences } from './preferences.js';
import { benchQuantize } from './quantize.js';
import { printTable, type BenchRow } from './row.js';
import { runOne, type Bench } from './run-one.js';
import { benchSeeing, type SeeingBench } from './seeing.js';
import { benchStart } from './start.js';
import { benchTrain, type TrainBench } from './train.js';
import { benchTurns, printTurns } from './turns.js';

const LORA: TrainBench = {
  shape: 'smollm2-135m',
  tuner: 'lora',
  format: 'f32',
  precision: 'fp32',
  residuals: 'save',
  offload: false,
  batch: 1,
  seq: 512,
  steps: 5,
};

const DECODE: DecodeBench = { shape: 'smollm2-135m', format: 'f32', batch: 1, seq: 512, steps: 60 };

const SUITES: Readonly<Record<string, readonly (TrainBench | SeeingBench | DecodeBench)[]>> = {
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
    { ...LORA, format: 'gptq' },
    { ...LORA, format: 'gptq-desc-act' },
  ],
  full: [{ ...LORA, tuner: 'full' }],
  seeing: [
    { sees: 'qwen2-vl-2b', ...LORA },
    { sees: 'qwen2-vl-2b', ...LORA, format: 'bf16' },
    { sees: 'qwen2-vl-2b', ...LORA, format: 'int4' },
  ],
  decode: [
    DECODE,
    { ...DECODE, batch: 8 },
    { ...DECODE, format: 'int8' },
    { ...DECODE, format: 'int4' },
    { ...DECODE, format: 'int4', batch: 8 },
    { ...DECODE, format: 'gptq' },
    { ...DECODE, format: 'gptq-desc-act' },
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
  console.log(JSON.stringify(await measure(JSON.parse(rest[0]) as Bench)));
} else if (what in SUITES) {
  const rows = SUITES[what].map((bench) => runOne(bench));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else printTable(rows);
} else if (what === 'start') {
  const rows = benchStart();
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { name, ms, ratio } of rows)
      console.log(`${name.padEnd(20)}${ms.toFixed(0)} ms  ${ratio.toFixed(2)}x`);
} else if (what === 'quantize') {
  const rows = await benchQuantize();
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { name, ms, ns_per_value } of rows)
      console.log(`${name.padEnd(32)}${ms.toFixed(0)} ms  ${ns_per_value.toFixed(2)} ns a value`);
} else if (what === 'encode') {
  const [folder] = rest.filter((word) => !word.startsWith('--'));
  if (folder === undefined) throw new Error('bench encode: name a folder with a tokenizer.json');
  const rows = await benchEncode(folder);
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    for (const { name, rows_per_s } of rows) console.log(`${name.padEnd(40)}${rows_per_s.toFixed(0)} rows/s`);
} else if (what === 'rlhf') {
  const rows = await benchPreferences();
  if (json) console.log(JSON.stringify(rows, null, 2));
  else printPreferences(rows);
} else if (what === 'images') {
  const rows = await benchImages();
  if (json) console.log(JSON.stringify(rows, null, 2));
  else printImages(rows);
} else if (what === 'turns') {
  const [folder, suite = 'train', turns = '5'] = rest.filter((word) => !word.startsWith('--'));
  if (folder === undefined || !(suite in SUITES))
    throw new Error(
      `bench turns: name the folder of another checkout, built, and one of ${Object.keys(SUITES).join(', ')}`,
    );
  const rows = benchTurns(SUITES[suite], folder, Number(turns));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else printTurns(rows);
} else if (what === 'peers') {
  benchPeers({ json, wanted: rest.find((word) => !word.startsWith('--')) });
} else {
  console.error(
    `bench: there is no '${what}'. Choose ${Object.keys(SUITES).join(', ')}, start, quantize, encode, rlhf, images, turns or peers.`,
  );
  process.exitCode = 2;
}

function measure(bench: Bench): Promise<BenchRow> {
  if ('sees' in bench) return benchSeeing(bench);
  if ('tuner' in bench) return benchTrain(bench);
  if ('trainer' in bench) return benchDpo(bench);
  return 'packages' in bench ? benchLlama(bench) : benchDecode(bench);
}
