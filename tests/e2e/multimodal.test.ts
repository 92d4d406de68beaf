/** Models that see, by the command line: training, going on, answering, merging. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { twoColours } from '../../local-hub/content/pictures.js';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { pathAfter, runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const ASKED = [
  { messages: [{ role: 'user', content: 'What is <image> above?' }], images: ['a.png'] },
  { messages: [{ role: 'user', content: 'What is <image> above?' }], images: ['b.png'] },
  { query: 'What is above?', response: 'Nothing.' },
];
/** Rows of one picture, and of none. */
const SINGLE = [
  { query: '<image>What is above?', response: 'It is red.', images: ['a.png'] },
  { query: 'What is <image> above?', response: 'It is white.', images: ['b.png'] },
  { query: 'What is above?', response: 'Nothing.' },
];
const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  mkdirSync(join(cwd, 'data'));
  writeFileSync(join(cwd, 'data', 'a.png'), await twoColours('red', 'blue', 60, 44));
  writeFileSync(join(cwd, 'data', 'b.png'), await twoColours('white', 'black', 60, 44));
  writeFileSync(join(cwd, 'data', 'broken.png'), 'no picture');
  writeFileSync(join(cwd, 'data', 'asked.jsonl'), jsonl(ASKED));
  writeFileSync(join(cwd, 'data', 'single.jsonl'), jsonl([...SINGLE, ...SINGLE, ...SINGLE]));
}, 60_000);
afterAll(() => hub.close());

const run = (...words: readonly string[]) => runSwift(words, env, cwd);

const TRAIN = [
  ...[
    '--dataset',
    'llava-instruct-mix',
    '--dataset_test_ratio',
    '0',
    '--max_steps',
    '8',
    '--save_steps',
    '4',
  ],
  ...['--batch_size', '6', '--gradient_accumulation_steps', '1', '--logging_steps', '1'],
  ...['--learning_rate', '4e-3', '--add_output_dir_suffix', 'false'],
];
const SINGLY = TRAIN.map((word) => (word === 'llava-instruct-mix' ? 'data/single.jsonl' : word));
const ASK = ['--val_dataset', 'data/asked.jsonl', '--temperature', '0', '--max_new_tokens', '12'];

function losses(folder: string): number[] {
  const lines = readFileSync(join(cwd, folder, 'logging.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
}

function answers(folder: string): { response: string; images?: string[] }[] {
  const [file] = readdirSync(join(cwd, folder));
  return readFileSync(join(cwd, folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { response: string; images?: string[] });
}

describe.each([
  ['qwen2-vl-2b-instruct', ['--sft_type', 'lora']],
  ['llava1_5-7b-instruct', ['--sft_type', 'lora', '--modules_to_save', 'multi_modal_projector']],
  // Pictures stand where no token of its tokenizer does.
  ['llama3-llava-next-8b', ['--sft_type', 'lora', '--modules_to_save', 'mm_projector']],
  ['qwen2-vl-2b-instruct', ['--sft_type', 'full', '--freeze_aligner', 'false', '--freeze_vit', 'false']],
] as const)('%s %j', (id, tuning) => {
  const name = `${id}-${tuning[1]}`;
  const train = (folder: string, ...more: readonly string[]) =>
    run('sft', '--model_type', id, ...tuning, ...TRAIN, '--output_dir', folder, ...more);

  test('learns, and goes on to the bit', async () => {
    const whole = await train(name);
    expect(whole.err).toMatch(/llava-instruct-mix: 42 read, 42 kept, 0 dropped/);
    expect(whole.code).toBe(0);
    const all = losses(name);
    expect(all.at(-1)).toBeLessThan(all[0] - 0.2);
    const rest = await train(`${name}-rest`, '--resume_from_checkpoint', join(name, 'checkpoint-4'));
    expect(rest.code).toBe(0);
    const file = tuning[1] === 'full' ? 'model.safetensors' : 'adapter_model.safetensors';
    const weights = [name, `${name}-rest`].map((folder) =>
      readFileSync(join(cwd, folder, 'checkpoint-8', file)),
    );
    expect(weights[0].equals(weights[1])).toBe(true);
    expect(pathAfter('last_model_checkpoint', rest.out)).toContain('checkpoint-8');
    const settings = readFileSync(join(cwd, name, 'checkpoint-8', 'preprocessor_config.json'), 'utf8');
    expect(JSON.parse(settings)).toHaveProperty('image_mean');
  }, 120_000);

  test('answers about images of a dataset, merged as beside its weights', async () => {
    const asked = await run(
      'infer',
      '--ckpt_dir',
      join(name, 'checkpoint-8'),
      ...ASK,
      '--result_dir',
      `${name}-asked`,
    );
    expect(asked.err).not.toContain('error');
    expect(asked.code).toBe(0);
    const own = answers(`${name}-asked`);
    expect(own.map(({ images }) => images)).toEqual([['a.png'], ['b.png'], undefined]);
    if (tuning[1] === 'full') return;
    const merged = `${name}-merged`;
    const written = await run(
      'export',
      '--ckpt_dir',
      join(name, 'checkpoint-8'),
      '--merge_lora',
      'true',
      '--output_dir',
      merged,
      '--dtype',
      'fp32',
    );
    expect(written.code).toBe(0);
    expect(readdirSync(join(cwd, merged))).toContain('preprocessor_config.json');
    const again = await run('infer', '--ckpt_dir', merged, ...ASK, '--result_dir', `${merged}-asked`);
    expect(again.code).toBe(0);
    expect(answers(`${merged}-asked`)).toEqual(own);
  }, 120_000);
});

test('the first Qwen sees, and is known by a field of its config.json', async () => {
  const trained = await run(
    ...['sft', '--model_type', 'qwen-vl-chat', '--sft_type', 'full', ...TRAIN, '--output_dir', 'first-qwen'],
  );
  expect(trained.code, trained.err).toBe(0);
  const all = losses('first-qwen');
  expect(all.at(-1)).toBeLessThan(all[0] - 0.2);
  const weights = ['--model_id_or_path', join('first-qwen', 'checkpoint-8')];
  const asked = await run('infer', ...weights, ...ASK, '--result_dir', 'first-qwen-asked');
  expect(asked.code, asked.err).toBe(0);
  expect(answers('first-qwen-asked').map(({ images }) => images)).toEqual([['a.png'], ['b.png'], undefined]);
}, 120_000);

test.each([
  ['cogvlm2-en-19b-chat', 'layers of its own for pictures'],
  ['molmo-7b-d-0924', 'pictures added to tokens'],
  ['internlm-xcomposer2_5-7b-chat', 'matrices of its own for pictures'],
  ['glm4v-9b-chat', 'one position for a picture'],
  ['glm-edge-v-2b', 'pictures in the corner of a square'],
])(
  '%s, which has %s, is trained and asked',
  async (id) => {
    const trained = await run('sft', '--model_type', id, '--sft_type', 'lora', ...SINGLY, '--output_dir', id);
    expect(trained.code, trained.err).toBe(0);
    const all = losses(id);
    expect(all.at(-1)).toBeLessThan(all[0] - 0.2);
    const asked = await run(
      'infer',
      '--ckpt_dir',
      join(id, 'checkpoint-8'),
      ...ASK,
      '--result_dir',
      `${id}-asked`,
    );
    expect(asked.code, asked.err).toBe(0);
    expect(answers(`${id}-asked`).map(({ images }) => images)).toEqual([['a.png'], ['b.png'], undefined]);
  },
  120_000,
);

test('a stream of rows with images trains what memory does', async () => {
  const train = (folder: string, ...more: readonly string[]) =>
    run('sft', '--model_type', 'qwen2-vl-2b-instruct', ...TRAIN, '--output_dir', folder, ...more);
  expect((await train('memory')).code).toBe(0);
  expect((await train('stream', '--streaming', 'true')).code).toBe(0);
  const [memory, stream] = ['memory', 'stream'].map((folder) =>
    readFileSync(join(cwd, folder, 'checkpoint-8', 'adapter_model.safetensors')),
  );
  expect(stream.equals(memory)).toBe(true);
}, 120_000);

test('a conversation asks for the image of each tag', async () => {
  const { startSwift } = await import('./swift.js');
  const child = startSwift(
    ['infer', '--model_type', 'qwen2-vl-2b-instruct', '--temperature', '0', '--max_new_tokens', '3'],
    { cwd, env },
  );
  let [out, err] = ['', ''];
  child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
  child.stdin!.end(
    "What is <image> above?\n'data/a.png'\nAnd <image>?\ndata/none.png\nAnd <image> and <image>?\n\nexit\n",
  );
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  expect(err.match(/Input an image path or URL <<< /g)).toHaveLength(3);
  expect(err).toContain("there is no image 'data/none.png'");
  expect(err).toContain('the message is taken back');
  expect(out.trim().split('\n')).toHaveLength(1);
}, 60_000);

test('a dropped row is told once, with its place', async () => {
  const rows = Array.from({ length: 30 }, () => ({ query: '<image>q', response: 'a', images: ['a.png'] }));
  const faulty = [
    { query: 'q', response: '' },
    { ...rows[0], imgs: 1, images: ['no.png'] },
  ];
  writeFileSync(join(cwd, 'data', 'some.jsonl'), jsonl([...rows, ...faulty]));
  const { code, err } = await run(
    ...['sft', '--model_type', 'qwen2-vl-2b-instruct', '--dataset', 'data/some.jsonl'],
    ...['--check_dataset_strategy', 'discard', '--dataset_test_ratio', '0.2', '--output_dir', 'some'],
    ...['--max_steps', '1', '--batch_size', '1', '--gradient_accumulation_steps', '1'],
  );
  expect(err).toMatch(
    /training data: \S+ 32 read, \d+ taken.*1 without an answer.*fields not used: column imgs \(1\)/,
  );
  expect(err).toMatch(/validation data: \S+ 6 read/);
  expect(err.match(/dropped: \S*some\.jsonl:32: there is no image 'no\.png'/g)).toHaveLength(1);
  expect(code).toBe(0);
}, 120_000);

test('a question of the command line brings no image', async () => {
  const asked = (...more: readonly string[]) => run('infer', '--model_type', 'qwen2-vl-2b-instruct', ...more);
  const tagged = await asked('--query', '<image>What is this?');
  expect(tagged.err).toMatch(/--query: no image is given for <image>/);
  const drawing = await asked('--query', 'What is this?', '--draw', 'true');
  expect(drawing.err).toMatch(/--draw: --query has no picture to draw on/);
  expect([tagged.code, drawing.code]).toEqual([2, 2]);
}, 60_000);

describe('is refused by file and line', () => {
  const refused = async (rows: readonly object[], message: RegExp, model = 'qwen2-vl-2b-instruct') => {
    writeFileSync(join(cwd, 'data', 'bad.jsonl'), jsonl(rows));
    const { code, err } = await run(
      'sft',
      '--model_type',
      model,
      '--dataset',
      'data/bad.jsonl',
      '--output_dir',
      'bad',
    );
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).not.toContain('bad');
  };
  const good = { query: '<image>q', response: 'a', images: ['a.png'] };

  test('an image that is not there, or damaged', async () => {
    await refused([good, { ...good, images: ['none.png'] }], /bad\.jsonl:2: there is no image 'none\.png'/);
    await refused(
      [{ ...good, images: ['broken.png'] }],
      /bad\.jsonl:1: the image 'broken\.png' cannot be decoded/,
    );
  }, 60_000);

  test('more tags than images', async () => {
    await refused(
      [good, { ...good, query: '<image><image>' }],
      /bad\.jsonl:2: 'messages\[0\]\.content' has a tag/,
    );
  }, 60_000);

  test('images for a model of text, and its arguments', async () => {
    await refused(
      [good],
      /bad\.jsonl:1: The row has images, which this model does not take in/,
      'qwen2-0.5b-instruct',
    );
    const { code, err } = await run(
      'sft',
      '--model_type',
      'qwen2-0.5b-instruct',
      '--dataset',
      'alpaca-en#9',
      '--max_pixels',
      '99',
    );
    expect(err).toMatch(/--max_pixels 99: qwen2-0_5b-instruct takes in no images/);
    expect(code).toBe(2);
  }, 60_000);
});

describe('rlhf on rows with images', () => {
  const MODEL = ['--model_type', 'qwen2-vl-2b-instruct', '--dataset', 'llava-instruct-mix'];
  const STEPS = [
    '--max_steps',
    '2',
    '--batch_size',
    '4',
    '--gradient_accumulation_steps',
    '1',
    '--logging_steps',
    '1',
  ];
  const rlhf = (type: string, ...words: readonly string[]) =>
    run('rlhf', '--rlhf_type', type, ...MODEL, ...STEPS, '--dataset_test_ratio', '0', ...words);
  const REWARDED = [
    '--reward_funcs',
    'soft_overlong',
    '--max_completion_length',
    '10',
    '--learning_rate',
    '1e-3',
  ];

  test('grpo and ppo learn from answers to what is seen', async () => {
    for (const [type, flag] of [
      ['grpo', '--num_generations'],
      ['ppo', '--num_ppo_epochs'],
    ]) {
      const folder = ['--output_dir', `rl-${type}`, '--add_output_dir_suffix', 'false'];
      const { code, err } = await rlhf(type, ...REWARDED, flag, type === 'grpo' ? '4' : '1', ...folder);
      expect(code, err).toBe(0);
      expect(readFileSync(join(cwd, `rl-${type}`, 'completions.jsonl'), 'utf8')).toContain('<image>');
    }
  });

  test('learned from twice they would lose sight of it, which is refused', async () => {
    const { code, err } = await rlhf('grpo', ...REWARDED, '--num_generations', '4', '--num_iterations', '2');
    expect(err).toContain('answers to rows with images are learned from once, not 2 times');
    expect(code).toBe(2);
  });
});
