/** Models that see videos, by the command line. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { twoColours } from '../../local-hub/content/pictures.js';
import { startHub } from '../../local-hub/server.js';
import { ffmpegMakes } from '../core/io/ffmpeg/make-media.js';
import { runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const MODEL = 'internvl2-8b';
const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** So many frames of one colour, then as many of another. */
function film(first: readonly number[], second: readonly number[], each: number): Buffer {
  const frame = (colour: readonly number[]): Buffer =>
    Buffer.concat([Buffer.from('P6\n48 32\n255\n'), Buffer.from(new Array(48 * 32).fill(colour).flat())]);
  return Buffer.concat([first, second].flatMap((colour) => new Array<Buffer>(each).fill(frame(colour))));
}

const RED = [220, 30, 30];
const BLUE = [40, 60, 220];
const ROWS = [
  { query: '<video>What comes first?', response: 'Red.', videos: ['red.mp4'] },
  { query: '<video>What comes first?', response: 'Blue.', videos: ['blue.mp4'] },
  { query: '<image>Which colour is in <video>?', response: 'Both.', images: ['a.png'], videos: ['red.mp4'] },
  { query: 'What comes first?', response: 'Nothing.' },
];

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const data = join(cwd, 'data');
  mkdirSync(data);
  const mp4 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
  await ffmpegMakes(join(data, 'red.mp4'), film(RED, BLUE, 9), mp4);
  await ffmpegMakes(join(data, 'blue.mp4'), film(BLUE, RED, 2), mp4);
  writeFileSync(join(data, 'a.png'), await twoColours('red', 'blue', 60, 44));
  writeFileSync(join(data, 'broken.mp4'), readFileSync(join(data, 'red.mp4')).subarray(0, 900));
  writeFileSync(join(data, 'rows.jsonl'), jsonl(ROWS));
  writeFileSync(join(data, 'asked.jsonl'), jsonl(ROWS.slice(0, 2)));
}, 60_000);
afterAll(() => hub.close());

const run = (...words: readonly string[]) => runSwift(words, env, cwd);
const train = (folder: string, dataset = 'data/rows.jsonl') =>
  run(
    ...['sft', '--model_type', MODEL, '--dataset_test_ratio', '0'],
    ...[
      '--max_steps',
      '6',
      '--batch_size',
      '4',
      '--gradient_accumulation_steps',
      '1',
      '--logging_steps',
      '1',
    ],
    ...[
      '--learning_rate',
      '4e-3',
      '--add_output_dir_suffix',
      'false',
      '--output_dir',
      folder,
      '--dataset',
      dataset,
    ],
  );

test('learns from frames, and answers about them', async () => {
  const { code, err } = await train('out');
  expect(err).toMatch(/rows\.jsonl: 4 read, 4 kept, 0 dropped/);
  expect(code).toBe(0);
  const lines = readFileSync(join(cwd, 'out', 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const losses = lines.flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
  expect(losses.at(-1)).toBeLessThan(losses[0] - 0.1);
  const asked = await run(
    ...['infer', '--ckpt_dir', join('out', 'checkpoint-6'), '--val_dataset', 'data/asked.jsonl'],
    ...['--temperature', '0', '--max_new_tokens', '8', '--result_dir', 'asked'],
  );
  expect(asked.err).not.toContain('error');
  expect(asked.code).toBe(0);
  const [file] = readdirSync(join(cwd, 'asked'));
  const answers = readFileSync(join(cwd, 'asked', file), 'utf8')
    .trim()
    .split('\n');
  expect(answers.map((line) => (JSON.parse(line) as { videos: string[] }).videos)).toEqual([
    ['red.mp4'],
    ['blue.mp4'],
  ]);
}, 120_000);

test('eight frames stand in the text, each with its number', async () => {
  const { code, out } = await run('inspect', '--model_type', MODEL, '--dataset', 'data/asked.jsonl');
  expect(code).toBe(0);
  expect(out.match(/Frame\d: <img>/g)).toEqual(Array.from({ length: 8 }, (_, i) => `Frame${i + 1}: <img>`));
}, 60_000);

test.each([
  ['is not there', 'none.mp4', /bad\.jsonl:1: there is no video 'none\.mp4'/],
  ['ends early', 'broken.mp4', /bad\.jsonl:1: the video 'broken\.mp4' cannot be decoded/],
  ['is a picture', 'a.png', /bad\.jsonl:1: the video 'a\.png' cannot be decoded/],
])(
  'a video that %s is refused by file and line',
  async (_, file, message) => {
    writeFileSync(join(cwd, 'data', 'bad.jsonl'), jsonl([{ ...ROWS[0], videos: [file] }]));
    const { code, err } = await train('bad', 'data/bad.jsonl');
    expect(err).toMatch(message);
    expect(code).toBe(2);
  },
  60_000,
);
