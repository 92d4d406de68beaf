/** Damaged adapters and args.json: a load that works, or an error with a code; never a stack. Seeded. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import { SeededRandom } from '../../../core/data/index.js';
import { SwiftError } from '../../../core/errors.js';
import { LoraConfig, Model, openModel, services, Swift } from '../../../core/sdk/index.js';
import { writeCheckpointFolder } from '../../../core/train/checkpoint.js';
import { TINY } from '../../e2e/swift.js';

const RUNS = 200;
const own = services({ log: { info: () => {}, warn: () => {} } });

/** What a field may turn into. */
const JUNK: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    0.5,
    7,
    1e9,
    2 ** 31,
    2 ** 53,
    1e308,
    -1e308,
    '',
    'a',
    '8',
    'NaN',
    '.*',
  ],
  ...[
    '(',
    '(a+)+$',
    [],
    [1],
    [''],
    ['q_proj', 3],
    [[]],
    {},
    { a: 1 },
    [null],
    'all-linear',
    'x'.repeat(9999),
  ],
];

const FILES = ['adapter_config.json', 'adapter_model.safetensors', 'args.json'] as const;
let good: Readonly<Record<(typeof FILES)[number], Buffer>>;

beforeAll(async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'swift-')), 'checkpoint-1');
  const lora = LoraConfig({ r: 2, target_modules: ['q_proj', 'down_proj'] });
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY, { services: own }), { lora });
  const { tokenizer, config, origin } = model.loaded;
  await writeCheckpointFolder(folder, {
    model: model.loaded.model,
    tuning: model.tuning,
    tokenizer,
    config,
    origin,
    baseModel: TINY,
    args: { command: 'sft', model_id_or_path: TINY, lora_rank: 2, system: 'Be brief.', dataset: ['a.jsonl'] },
  });
  good = Object.fromEntries(FILES.map((name) => [name, readFileSync(join(folder, name))])) as typeof good;
});

/** A folder with these files in place of the good ones. */
function folderWith(changed: Partial<Record<(typeof FILES)[number], string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'swift-fuzz-'));
  for (const name of FILES) writeFileSync(join(folder, name), changed[name] ?? good[name]);
  return folder;
}

/** @throws what is no SwiftError with a code of bad input */
async function coded(work: () => unknown): Promise<SwiftError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof SwiftError) || error.code === 'ENGINE_CRASHED') throw error;
    return error;
  }
}

const load = (folder: string) => coded(() => openModel({ ckpt_dir: folder }, own));

/** Some values of a JSON text changed, taken away or added. */
function damagedJson(text: string, random: SeededRandom): string {
  const value = JSON.parse(text) as Record<string, unknown>;
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  if (random.below(20) === 0) return JSON.stringify(pick(JUNK));
  for (let k = 0; k <= random.below(3); k++) {
    let place: Record<string, unknown> = value;
    let name = pick(Object.keys(place));
    while (random.below(2) === 0) {
      const inner = place[name];
      if (inner === null || typeof inner !== 'object' || Object.keys(inner).length === 0) break;
      place = inner as Record<string, unknown>;
      name = pick(Object.keys(place));
    }
    if (random.below(5) === 0) delete place[name];
    else place[name] = pick(JUNK);
    if (Object.keys(value).length === 0) break;
  }
  return JSON.stringify(value);
}

function withHeader(weights: Buffer, change: (header: string) => string): Buffer {
  const length = Number(weights.readBigUInt64LE(0));
  const header = Buffer.from(change(weights.subarray(8, 8 + length).toString()));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([size, header, weights.subarray(8 + length)]);
}

test('the undamaged checkpoint loads', async () => {
  expect(await load(folderWith({}))).toBeUndefined();
});

test('adapter_config.json with other values', async () => {
  const random = SeededRandom.seeded(36);
  const codes = new Set<string>();
  for (let i = 0; i < RUNS; i++) {
    const text = damagedJson(good['adapter_config.json'].toString(), random);
    const error = await load(folderWith({ 'adapter_config.json': text })).catch((cause: unknown) => {
      throw new Error(text.slice(0, 400), { cause });
    });
    if (error) codes.add(error.code);
  }
  expect([...codes]).toEqual(expect.arrayContaining(['BAD_CHECKPOINT', 'SHAPE_MISMATCH']));
}, 240_000);

test('adapter_model.safetensors with another header, other bytes or a part', async () => {
  const random = SeededRandom.seeded(34);
  const codes = new Set<string>();
  for (let i = 0; i < RUNS; i++) {
    let weights: Buffer = Buffer.from(good['adapter_model.safetensors']);
    const kind = random.below(3);
    if (kind === 0) weights = withHeader(weights, (header) => damagedJson(header, random));
    else if (kind === 1) weights = weights.subarray(0, random.below(weights.length));
    else for (let k = 0; k < 4; k++) weights[random.below(random.below(2) ? 400 : 9)] = random.below(256);
    const error = await load(folderWith({ 'adapter_model.safetensors': weights }));
    if (error) codes.add(error.code);
  }
  expect([...codes]).toEqual(expect.arrayContaining(['BAD_FILE', 'UNSUPPORTED_DTYPE']));
}, 240_000);

test.each([
  ['turned around', (shape: number[]) => shape.reverse(), 'SHAPE_MISMATCH'],
  ['in one dimension', (shape: number[]) => [shape[0] * shape[1]], 'SHAPE_MISMATCH'],
])('a tensor whose shape is %s', async (_, change, code) => {
  const weights = withHeader(good['adapter_model.safetensors'], (header) => {
    const entries = JSON.parse(header) as Record<string, { shape: number[] }>;
    const name = Object.keys(entries).find((key) => key.endsWith('q_proj.lora_A.weight'))!;
    entries[name].shape = change(entries[name].shape);
    return JSON.stringify(entries);
  });
  expect((await load(folderWith({ 'adapter_model.safetensors': weights })))?.code).toBe(code);
});

test('a tensor of another name', async () => {
  const weights = withHeader(good['adapter_model.safetensors'], (header) =>
    header.replace('q_proj.lora_A', 'k_proj.lora_A'),
  );
  expect((await load(folderWith({ 'adapter_model.safetensors': weights })))?.code).toBe('BAD_CHECKPOINT');
});

test('a tensor of whole numbers is none of an adapter', async () => {
  const weights = withHeader(good['adapter_model.safetensors'], (header) => header.replace('"F32"', '"I32"'));
  expect((await load(folderWith({ 'adapter_model.safetensors': weights })))?.code).toMatch(
    /BAD_CHECKPOINT|UNSUPPORTED_DTYPE/,
  );
});

test('args.json with other values: loaded, gone on from, and as a config file', async () => {
  const random = SeededRandom.seeded(35);
  const codes = new Set<string>();
  for (let i = 0; i < RUNS; i++) {
    const text = i === 0 ? '{"command":5}' : damagedJson(good['args.json'].toString(), random);
    const folder = folderWith({ 'args.json': text });
    const parsed = (words: readonly string[]) => () => commandLine('sft', words, own.log);
    const uses = [
      () => openModel({ ckpt_dir: folder }, own),
      parsed(['--resume_from_checkpoint', folder]),
      parsed([join(folder, 'args.json')]),
    ];
    for (const use of uses) {
      const error = await coded(use).catch((cause: unknown) => {
        throw new Error(text.slice(0, 400), { cause });
      });
      if (error) codes.add(error.code);
    }
  }
  expect([...codes]).toEqual(expect.arrayContaining(['BAD_FILE', 'BAD_ARGUMENT']));
}, 240_000);
