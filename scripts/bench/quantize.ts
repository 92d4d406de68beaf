/** What quantizing at load costs: reading and widening a bf16 matrix, and its codes with and without vector loops. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../core/data/index.js';
import { NF4_VALUES } from '../../core/graph/index.js';
import { f32ToBf16 } from '../../core/io/dtypes.js';
import { openSafetensors } from '../../core/io/safetensors/index.js';
import { writeSafetensors } from '../../core/io/safetensors/write.js';
import { codesByBorders, int4Codes, int8Codes } from '../../core/kernels/index.js';
import { plainByBorders, plainInt4, plainInt8 } from '../../core/kernels/quantize-plain.js';
import { median } from './row.js';

/** The feed-forward matrices of one block of Qwen2-0.5B. */
const [ROWS, COLUMNS, GROUP] = [3 * 4864, 896, 64];
const COUNT = ROWS * COLUMNS;
const RUNS = 7;
const BORDERS = new Float32Array(NF4_VALUES.slice(1).map((value, i) => (value + NF4_VALUES[i]) / 2));

/** Milliseconds, medians, everything taking turns. */
export async function benchQuantize(): Promise<{ name: string; ms: number; ns_per_value: number }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'swift-bench-'));
  try {
    const path = join(folder, 'model.safetensors');
    const random = SeededRandom.seeded(1);
    const values = new Float32Array(COUNT);
    for (let i = 0; i < COUNT; i++) values[i] = 0.02 * random.normal();
    const bits = f32ToBf16(values);
    await writeSafetensors(path, [{ name: 'weight', dtype: 'BF16', shape: [ROWS, COLUMNS], data: bits }]);
    const file = await openSafetensors(path);
    const room = new Float32Array(COUNT);
    const scales = (size: number): Float32Array => new Float32Array(COUNT / size);
    const four = (): Uint8Array => new Uint8Array(COUNT / 2);
    const tasks: readonly (readonly [string, () => unknown])[] = [
      ['read the bytes', () => file.read('weight')],
      ['read and widen, fresh memory', () => file.readFloat32('weight')],
      ['read and widen, lent memory', () => file.readFloat32('weight', room)],
      [
        'int8 plain',
        () => plainInt8(values, COLUMNS, { codes: new Int8Array(COUNT), largest: scales(COLUMNS) }, 127),
      ],
      ['int8', () => int8Codes(values, COLUMNS, 127)],
      ['int4 plain', () => plainInt4(values, GROUP, { codes: four(), largest: scales(GROUP) })],
      ['int4', () => int4Codes(values, GROUP)],
      ['nf4 plain', () => plainByBorders(values, GROUP, { codes: four(), largest: scales(GROUP) }, BORDERS)],
      ['nf4', () => codesByBorders(values, GROUP, BORDERS)],
    ];
    const times = tasks.map(() => [] as number[]);
    for (let run = 0; run < RUNS; run++) {
      for (const [i, [, task]] of tasks.entries()) {
        const started = performance.now();
        await task();
        times[i].push(performance.now() - started);
      }
    }
    await file.close();
    return tasks.map(([name], i) => ({
      name,
      ms: median(times[i]),
      ns_per_value: (median(times[i]) * 1e6) / COUNT,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
