/** Boxes by the command line: learned from a dataset of SWIFT, answered, and drawn. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photoOf, SCENES } from '../../local-hub/content/media-files.js';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch, startSwift } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const [scene] = SCENES;
const PAIR = {
  messages: [
    { role: 'user', content: 'Where is <ref-object>?' },
    { role: 'assistant', content: '<ref-object><bbox>' },
  ],
  images: ['a.jpg'],
  objects: { ref: ['it', 'red square'], bbox: [scene.box] },
};
const jsonl = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = {
    HF_ENDPOINT: hub.url,
    MODELSCOPE_ENDPOINT: hub.url,
    HF_HOME: join(cwd, 'hf'),
    MODELSCOPE_CACHE: join(cwd, 'ms'),
  };
  mkdirSync(join(cwd, 'data'));
  writeFileSync(join(cwd, 'data', 'a.jpg'), await photoOf(scene));
  writeFileSync(join(cwd, 'data', 'pairs.jsonl'), jsonl(...Array.from({ length: 4 }, () => PAIR)));
  writeFileSync(join(cwd, 'data', 'asked.jsonl'), jsonl(PAIR));
  const query = 'Where is <bbox>?';
  writeFileSync(join(cwd, 'data', 'bad.jsonl'), jsonl({ query, response: 'no', images: ['a.jpg'] }));
}, 60_000);
afterAll(() => hub.close());

const run = (...words: readonly string[]) => runSwift(words, env, cwd);

const QWEN = ['--model_type', 'qwen2-vl-2b-instruct'];
const TRAIN = [
  ...['--dataset_test_ratio', '0', '--batch_size', '4'],
  ...['--gradient_accumulation_steps', '1', '--add_output_dir_suffix', 'false'],
];

test.each(['internvl2-8b', 'qwen2-vl-2b-instruct'])(
  '%s learns refcoco, fetched with the photographs of COCO',
  async (id) => {
    const trained = await run(
      'sft',
      ...['--model_type', id],
      ...TRAIN,
      '--dataset',
      'refcoco',
      '--max_steps',
      '2',
      '--output_dir',
      `ref-${id}`,
    );
    expect(trained.err).toMatch(/refcoco: 14 read, .*13 kept, 1 dropped \(1 without their image\)/);
    expect(trained.code).toBe(0);
  },
  120_000,
);

test('what a model sees of a row is shown', async () => {
  const shown = await run('inspect', '--model', 'Qwen/Qwen2-VL-2B-Instruct', '--dataset', 'data/asked.jsonl');
  expect(shown.out + shown.err).toContain(
    '<|object_ref_start|>red square<|object_ref_end|><|box_start|>(125,167),(500,583)<|box_end|>',
  );
}, 60_000);

test('a tag without an object stops the run with its row', async () => {
  const stopped = await run('sft', ...QWEN, ...TRAIN, '--dataset', 'data/bad.jsonl', '--output_dir', 'bad');
  expect(stopped.err).toMatch(/bad\.jsonl:1: a message of the user has a tag <bbox> without an object/);
  expect(stopped.code).toBe(2);
}, 60_000);

describe('a model that learned a box', () => {
  const ASK = [
    'infer',
    '--ckpt_dir',
    'learned/checkpoint-60',
    '--temperature',
    '0',
    '--max_new_tokens',
    '64',
  ];

  test('answers with it in pixels of the image, and draws it on a copy', async () => {
    const trained = await run(
      ...[
        'sft',
        ...QWEN,
        ...TRAIN,
        '--dataset',
        'data/pairs.jsonl',
        '--max_steps',
        '60',
        '--save_steps',
        '60',
      ],
      ...['--learning_rate', '1e-2', '--sft_type', 'full', '--output_dir', 'learned'],
    );
    expect(trained.code).toBe(0);
    const asked = await run(
      ...ASK,
      '--val_dataset',
      'data/asked.jsonl',
      '--result_dir',
      'asked',
      '--draw',
      'true',
    );
    expect(asked.err).not.toContain('error');
    const file = readdirSync(join(cwd, 'asked')).find((name) => name.endsWith('.jsonl'))!;
    const answer = JSON.parse(readFileSync(join(cwd, 'asked', file), 'utf8')) as {
      label: string;
      response: string;
      objects: { ref: string[]; bbox: number[][] };
      drawn: string;
    };
    expect(answer.label).toContain('<|box_start|>(125,167),(500,583)<|box_end|>');
    expect(answer.response).toBe(answer.label);
    expect(answer.objects.ref).toEqual(['red square']);
    answer.objects.bbox[0].forEach((side, i) => expect(Math.abs(side - scene.box[i])).toBeLessThan(1));
    const drawn = join(cwd, answer.drawn);
    const { width, height } = await sharp(drawn).metadata();
    expect([width, height]).toEqual([scene.width, scene.height]);
    const edge = await sharp(drawn).extract({ left: 20, top: 8, width: 1, height: 1 }).raw().toBuffer();
    expect([...edge]).toEqual([0xd5, 0x5e, 0x00]);
  }, 240_000);

  test('says it in a conversation, and draws it there, too', async () => {
    const child = startSwift([...ASK, '--draw', 'true', '--result_dir', 'chat'], { cwd, env });
    let [out, err] = ['', ''];
    child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
    child.stdin!.end('<image>Where is <|object_ref_start|>it<|object_ref_end|>?\ndata/a.jpg\nexit\n');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(out + err).toMatch(/red square: \[8, 8\.02, 32, 27\.98\]/);
    const [, drawn] = /drawn: (chat\S*000001\.png)/.exec(err)!;
    expect(existsSync(join(cwd, drawn))).toBe(true);
  }, 60_000);
});

test('--draw is refused for a model of text', async () => {
  const refused = await run(
    'infer',
    '--model_type',
    'qwen2-0.5b-instruct',
    '--draw',
    'true',
    '--query',
    'Hello',
  );
  expect(refused.err).toContain('--draw');
  expect(refused.code).toBe(2);
}, 60_000);
