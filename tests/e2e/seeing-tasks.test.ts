/** Vectors and ranks of pictures, by the command line: rows whose documents bring pictures of their own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { twoColours } from '../../local-hub/content/pictures.js';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const COLOURS = ['red', 'green', 'blue', 'white'] as const;
const asks = (colour: string) => [{ role: 'user', content: `Which picture is ${colour}?` }];
const file = (colour: string): string => `${colour}.png`;
/** The next colour, whose picture is another. */
const other = (i: number): string => COLOURS[(i + 1) % COLOURS.length];

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  mkdirSync(join(cwd, 'data'));
  const write = (name: string, rows: readonly object[]): void =>
    writeFileSync(join(cwd, 'data', name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  for (const colour of COLOURS)
    writeFileSync(join(cwd, 'data', file(colour)), await twoColours(colour, colour, 56, 28));
  // Pictures in columns of their own, as SWIFT has them; and in messages.
  write(
    'vectors.jsonl',
    COLOURS.map((colour, i) => ({
      messages: asks(colour),
      positive_messages: [[{ role: 'user', content: '<image>' }]],
      positive_images: [[file(colour)]],
      negative_messages: [[{ role: 'user', content: '<image>' }]],
      negative_images: [[file(other(i))]],
    })),
  );
  write(
    'ranks.jsonl',
    COLOURS.map((colour, i) => ({
      messages: asks(colour),
      positive_messages: [[{ role: 'assistant', content: 'It is <image>', images: [file(colour)] }]],
      negative_messages: [
        [{ role: 'assistant', content: [{ type: 'image', image: file(other(i)) }] }],
        [{ role: 'assistant', content: 'None of them.' }],
      ],
    })),
  );
  write('missing.jsonl', [
    { messages: asks('red'), positive_messages: [[{ role: 'user', content: '<image>' }]] },
    {
      messages: asks('red'),
      positive_messages: [[{ role: 'user', content: 'x' }]],
      positive_images: [['gone.png']],
    },
  ]);
}, 60_000);
afterAll(() => hub.close());

const train = (folder: string, ...more: readonly string[]) =>
  runSwift(
    [
      ...['sft', '--model_type', 'qwen2-vl-2b-instruct', '--output_dir', folder, '--max_steps', '12'],
      ...['--dataset_test_ratio', '0', '--batch_size', '4', '--gradient_accumulation_steps', '1'],
      ...['--logging_steps', '1', '--learning_rate', '5e-3', '--add_output_dir_suffix', 'false', ...more],
    ],
    env,
    cwd,
  );

function losses(folder: string): number[] {
  const lines = readFileSync(join(cwd, folder, 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
}

test('an embedding learns which picture a text means, in threads as in one', async () => {
  const flags = ['--task_type', 'embedding', '--dataset', 'data/vectors.jsonl'];
  const one = await train('vectors', ...flags, '--dataset_num_proc', '1');
  expect(one.err).toMatch(/4 read, 4 kept, 0 dropped/);
  expect(one.code).toBe(0);
  const all = losses('vectors');
  expect(all.at(-1)).toBeLessThan(all[0] - 0.2);
  expect((await train('threads', ...flags, '--dataset_num_proc', '2')).code).toBe(0);
  expect(losses('threads')).toEqual(all);
}, 120_000);

test('a generative reranker learns from documents with pictures', async () => {
  const flags = ['--task_type', 'generative_reranker', '--dataset', 'data/ranks.jsonl'];
  const { err, code } = await train('ranks', ...flags, '--verdict_tokens', 'y', 'n');
  expect(err).toMatch(/4 read, 4 kept, 0 dropped/);
  expect(code).toBe(0);
  const all = losses('ranks');
  expect(all.at(-1)).toBeLessThan(all[0] - 0.04);
}, 120_000);

test('a tag without a picture, and a picture that is not there, are told with their row', async () => {
  const flags = ['--task_type', 'embedding', '--dataset', 'data/missing.jsonl'];
  const { err, code } = await train('missing', ...flags);
  expect(err).toMatch(/missing\.jsonl:1: .*has a tag <image> without one of 'images'/);
  expect(code).toBe(2);
  const discarded = await train('discarded', ...flags, '--check_dataset_strategy', 'discard');
  expect(discarded.err).toMatch(/gone\.png/);
});
