/** Models that hear, by the command line: training, going on, answering, merging. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { tone, waveFile } from '../../local-hub/content/wave-file.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const MODEL = 'qwen2-audio-7b-instruct';
const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Rows with a sound, with two, with one at another rate, and with none. */
const ROWS = [
  { messages: said('<audio>How high is it?', 'Low.'), audios: ['low.wav'] },
  { messages: said('<audio>How high is it?', 'High.'), audios: ['high.wav'] },
  { messages: said('<audio> or <audio>, which is high?', 'The second.'), audios: ['low.wav', 'high.wav'] },
  { query: 'How high is it?', response: 'High.', audios: ['fast.wav'] },
  { query: 'How high is it?', response: 'I hear nothing.' },
];
const ASKED = [
  { messages: said('<audio>How high is it?').slice(0, 1), audios: ['low.wav'] },
  { messages: said('<audio>How high is it?').slice(0, 1), audios: ['high.wav'] },
  { query: 'How high is it?' },
];

function said(content: string, answer = ''): { readonly role: string; readonly content: string }[] {
  return [
    { role: 'user', content },
    { role: 'assistant', content: answer },
  ];
}

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = {
    HF_ENDPOINT: hub.url,
    HF_HOME: join(cwd, 'hf'),
    MODELSCOPE_ENDPOINT: hub.url,
    MODELSCOPE_CACHE: cwd,
  };
  const data = join(cwd, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'low.wav'), waveFile([tone(200, 16_000, 0.4)], 16_000));
  writeFileSync(join(data, 'high.wav'), waveFile([tone(2000, 16_000, 0.6)], 16_000));
  writeFileSync(join(data, 'fast.wav'), waveFile([tone(2000, 44_100, 0.3)], 44_100));
  writeFileSync(join(data, 'short.wav'), waveFile([tone(200, 16_000, 0.01)], 16_000));
  writeFileSync(join(data, 'broken.wav'), waveFile([tone(200, 16_000, 0.4)], 16_000).subarray(0, 999));
  writeFileSync(join(data, 'rows.jsonl'), jsonl(ROWS));
  writeFileSync(join(data, 'asked.jsonl'), jsonl(ASKED));
}, 60_000);
afterAll(() => hub.close());

const run = (...words: readonly string[]) => runSwift(words, env, cwd);
const TRAIN = [
  ...['--dataset', 'data/rows.jsonl', '--dataset_test_ratio', '0', '--max_steps', '8', '--save_steps', '4'],
  ...['--batch_size', '5', '--gradient_accumulation_steps', '1', '--logging_steps', '1'],
  ...['--learning_rate', '1e-2', '--add_output_dir_suffix', 'false'],
];
const ASK = ['--val_dataset', 'data/asked.jsonl', '--temperature', '0', '--max_new_tokens', '12'];

function lines<T>(path: string): T[] {
  const text = readFileSync(path, 'utf8').trim().split('\n');
  return text.map((line) => JSON.parse(line) as T);
}

function answers(folder: string): { response: string; audios?: string[] }[] {
  const [file] = readdirSync(join(cwd, folder));
  return lines(join(cwd, folder, file));
}

describe.each([
  ['lora', []],
  ['full', ['--freeze_vit', 'false', '--freeze_aligner', 'false']],
] as const)('%s', (tuning, more) => {
  const train = (folder: string, ...rest: readonly string[]) =>
    run(
      'sft',
      '--model_type',
      MODEL,
      '--sft_type',
      tuning,
      ...more,
      ...TRAIN,
      '--output_dir',
      folder,
      ...rest,
    );

  test('learns, and goes on to the bit', async () => {
    const whole = await train(tuning);
    expect(whole.err).toMatch(/rows\.jsonl: 5 read, 5 kept, 0 dropped/);
    expect(whole.code).toBe(0);
    const losses = lines<{ loss?: number }>(join(cwd, tuning, 'logging.jsonl')).flatMap(
      ({ loss }) => loss ?? [],
    );
    expect(losses.at(-1)).toBeLessThan(losses[0] - 0.2);
    const rest = await train(`${tuning}-rest`, '--resume_from_checkpoint', join(tuning, 'checkpoint-4'));
    expect(rest.code).toBe(0);
    const file = tuning === 'full' ? 'model.safetensors' : 'adapter_model.safetensors';
    const [first, second] = [tuning, `${tuning}-rest`].map((folder) =>
      readFileSync(join(cwd, folder, 'checkpoint-8', file)),
    );
    expect(second.equals(first)).toBe(true);
    const settings = readFileSync(join(cwd, tuning, 'checkpoint-8', 'preprocessor_config.json'), 'utf8');
    expect(JSON.parse(settings)).toHaveProperty('feature_size', 128);
  }, 120_000);

  test('answers about sounds, merged as beside its weights', async () => {
    const ask = (from: string, to: string) => run('infer', '--ckpt_dir', from, ...ASK, '--result_dir', to);
    const checkpoint = join(tuning, 'checkpoint-8');
    const asked = await ask(checkpoint, `${tuning}-asked`);
    expect(asked.err).not.toContain('error');
    expect(asked.code).toBe(0);
    const own = answers(`${tuning}-asked`);
    expect(own.map(({ audios }) => audios)).toEqual([['low.wav'], ['high.wav'], undefined]);
    if (tuning === 'full') return;
    const merge = ['--merge_lora', 'true', '--output_dir', 'merged', '--dtype', 'fp32'];
    expect((await run('export', '--ckpt_dir', checkpoint, ...merge)).code).toBe(0);
    expect((await ask('merged', 'merged-asked')).code).toBe(0);
    expect(answers('merged-asked')).toEqual(own);
  }, 120_000);
});

test('the first Qwen hears, and is known by a field of its config.json', async () => {
  const train = ['sft', '--model_type', 'qwen-audio-chat', '--sft_type', 'full', ...TRAIN];
  const trained = await run(...train, '--output_dir', 'first-qwen');
  expect(trained.code, trained.err).toBe(0);
  const weights = ['--model_id_or_path', join('first-qwen', 'checkpoint-8')];
  const asked = await run('infer', ...weights, ...ASK, '--result_dir', 'first-qwen-asked');
  expect(asked.code, asked.err).toBe(0);
  const heard = answers('first-qwen-asked').map(({ audios }) => audios);
  expect(heard).toEqual([['low.wav'], ['high.wav'], undefined]);
}, 120_000);

test('a dataset of a hub brings its sounds', async () => {
  const { code, err } = await run(
    ...['sft', '--model_type', MODEL, '--dataset', 'aishell1-zh-mini', '--dataset_test_ratio', '0'],
    ...['--max_steps', '1', '--output_dir', 'aishell'],
  );
  expect(err).toMatch(/aishell1-zh-mini: 4 read, 2 taken, 2 kept, 2 dropped \(2 without their sound\)/);
  expect(code).toBe(0);
}, 60_000);

test('a conversation asks for the sound of each tag', async () => {
  const { startSwift } = await import('./swift.js');
  const words = ['infer', '--model_type', MODEL, '--temperature', '0', '--max_new_tokens', '3'];
  const child = startSwift(words, { cwd, env });
  let [out, err] = ['', ''];
  child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (err += text.toString()));
  child.stdin!.end('<audio>How high?\ndata/low.wav\nAnd <audio>?\ndata/broken.wav\nexit\n');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  expect(err.match(/Input an audio path or URL <<< /g)).toHaveLength(2);
  expect(err).toContain("the audio 'data/broken.wav' cannot be decoded");
  expect(out.trim().split('\n')).toHaveLength(1);
}, 60_000);

describe('is refused by file and line', () => {
  const good = { query: '<audio>q', response: 'a', audios: ['low.wav'] };

  test.each([
    ['is not there', { ...good, audios: ['none.wav'] }, /bad\.jsonl:2: there is no audio 'none\.wav'/],
    [
      'ends early',
      { ...good, audios: ['broken.wav'] },
      /bad\.jsonl:2: the audio 'broken\.wav' cannot be decoded/,
    ],
    [
      'is too short',
      { ...good, audios: ['short.wav'] },
      /bad\.jsonl:2: a sound of 0\.010 seconds is too short/,
    ],
    ['is a video', { query: 'q', response: 'a', videos: ['low.wav'] }, /bad\.jsonl:2: The row has videos/],
    ['is none', { ...good, audios: [] }, /bad\.jsonl:2: 'messages\[0\]\.content' has a tag <audio> without/],
  ] as const)(
    'a sound that %s',
    async (_, row, message) => {
      writeFileSync(join(cwd, 'data', 'bad.jsonl'), jsonl([good, row]));
      const { code, err } = await run(
        ...['sft', '--model_type', MODEL, '--dataset', 'data/bad.jsonl', '--output_dir', 'bad'],
      );
      expect(err).toMatch(message);
      expect(err).not.toMatch(/\n\s+at /);
      expect(code).toBe(2);
      expect(readdirSync(cwd)).not.toContain('bad');
    },
    60_000,
  );

  test('an argument of images', async () => {
    const { code, err } = await run(
      ...['sft', '--model_type', MODEL, '--dataset', 'data/rows.jsonl', '--max_pixels', '99'],
    );
    expect(err).toMatch(/--max_pixels 99: qwen2-audio-7b-instruct takes in no images/);
    expect(code).toBe(2);
  }, 60_000);
});
