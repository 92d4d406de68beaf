/** Encoder-decoders, which write down what is said or tell what is seen, by the command line: training, going on, answering, merging. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { twoColours } from '../../local-hub/content/pictures.js';
import { tone, waveFile } from '../../local-hub/content/wave-file.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const row = (audio: string, answer: string, content = '<audio>') => ({
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: answer },
  ],
  audios: [audio],
});
const SOUNDS = [row('low.wav', 'Low.'), row('high.wav', 'High!'), row('high.wav', 'High!', '')];

const seen = (image: string, task: string, answer: string, more: object = {}) => ({
  messages: [
    { role: 'user', content: task },
    { role: 'assistant', content: answer },
  ],
  images: [image],
  ...more,
});
/** Of two lengths, and with a place. */
const PICTURES = [
  seen('a.png', '<image><OD>', '<ref-object><bbox>', { objects: { ref: ['red'], bbox: [[0, 0, 30, 20]] } }),
  seen('a.png', '<CAPTION>', 'Red and blue.'),
  seen('b.png', '<image>What is this?', 'White.'),
];

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
  writeFileSync(join(data, 'long.wav'), waveFile([tone(200, 16_000, 31)], 16_000));
  writeFileSync(join(data, 'a.png'), await twoColours('red', 'blue', 60, 44));
  writeFileSync(join(data, 'b.png'), await twoColours('white', 'black', 60, 44));
  writeFileSync(join(data, 'sounds.jsonl'), jsonl(SOUNDS));
  writeFileSync(join(data, 'pictures.jsonl'), jsonl(PICTURES));
}, 60_000);
afterAll(() => hub.close());

const run = (...words: readonly string[]) => runSwift(words, env, cwd);

function lines<T>(path: string): T[] {
  const text = readFileSync(path, 'utf8').trim().split('\n');
  return text.map((line) => JSON.parse(line) as T);
}

describe.each([
  ['whisper-tiny', 'sounds'],
  ['florence-2-base', 'pictures'],
])('%s', (model, rows) => {
  test('learns, goes on to the bit, and answers, merged as beside its weights', async () => {
    const train = (folder: string, ...rest: readonly string[]) =>
      run(
        ...['sft', '--model_type', model, '--dataset', `data/${rows}.jsonl`, '--dataset_test_ratio', '0'],
        ...['--max_steps', '16', '--save_steps', '8', '--logging_steps', '1', '--dataset_num_proc', '2'],
        ...['--batch_size', '3', '--gradient_accumulation_steps', '1'],
        ...['--learning_rate', '2e-2', '--lora_rank', '16', '--add_output_dir_suffix', 'false'],
        ...['--output_dir', folder, ...rest],
      );
    const whole = await train(`${model}-lora`);
    expect(whole.err).toMatch(/jsonl: 3 read, 3 kept, 0 dropped/);
    expect(whole.code).toBe(0);
    const losses = lines<{ loss?: number }>(join(cwd, `${model}-lora`, 'logging.jsonl')).flatMap(
      ({ loss }) => loss ?? [],
    );
    expect(losses.at(-1)).toBeLessThan(losses[0] - 0.2);
    const rest = await train(
      `${model}-rest`,
      '--resume_from_checkpoint',
      join(`${model}-lora`, 'checkpoint-8'),
    );
    expect(rest.code).toBe(0);
    const [first, second] = [`${model}-lora`, `${model}-rest`].map((folder) =>
      readFileSync(join(cwd, folder, 'checkpoint-16', 'adapter_model.safetensors')),
    );
    expect(second.equals(first)).toBe(true);

    const ask = async (from: string, to: string): Promise<readonly string[]> => {
      const asked = await run(
        ...['infer', '--ckpt_dir', from, '--val_dataset', `data/${rows}.jsonl`, '--temperature', '0'],
        ...['--max_new_tokens', '12', '--result_dir', to],
      );
      expect(asked.code).toBe(0);
      const [file] = readdirSync(join(cwd, to));
      return lines<{ response: string }>(join(cwd, to, file)).map(({ response }) => response);
    };
    const own = await ask(join(`${model}-lora`, 'checkpoint-16'), `${model}-asked`);
    expect(own).toHaveLength(3);
    const merge = ['--merge_lora', 'true', '--output_dir', `${model}-merged`, '--dtype', 'fp32'];
    expect((await run('export', '--ckpt_dir', join(`${model}-lora`, 'checkpoint-16'), ...merge)).code).toBe(
      0,
    );
    expect(await ask(`${model}-merged`, `${model}-merged-asked`)).toEqual(own);
  }, 240_000);
});

test.each([
  [
    'a sound of more than 30 seconds',
    row('long.wav', 'x'),
    /bad\.jsonl:2: a sound of 31\.0 seconds is longer than the 30/,
  ],
  [
    'words beside it',
    row('low.wav', 'x', '<audio>How high?'),
    /bad\.jsonl:2: the first message is not a user's '<audio>' alone/,
  ],
  [
    'no sound',
    { query: 'How high?', response: 'x' },
    /bad\.jsonl:2: the row has 0 audios; the model takes one/,
  ],
] as const)(
  '%s is refused by file and line',
  async (_, bad, message) => {
    writeFileSync(join(cwd, 'data', 'bad.jsonl'), jsonl([SOUNDS[0], bad]));
    const { code, err } = await run(
      ...['sft', '--model_type', 'whisper-tiny', '--dataset', 'data/bad.jsonl', '--output_dir', 'bad'],
    );
    expect(err).toMatch(message);
    expect(code).toBe(2);
  },
  60_000,
);
