import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { pathAfter, runSwift, scratch } from './swift.js';

const root = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
});
afterAll(() => hub.close());

function commands() {
  const cwd = scratch();
  const env = { HF_ENDPOINT: hub.url, MODELSCOPE_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const run = (...argv: readonly string[]) => runSwift(argv, env, cwd);
  const swift = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await run(...argv);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    return out;
  };
  const rows = (name: string, of: readonly object[]): string => {
    writeFileSync(join(cwd, name), of.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return name;
  };
  return { run, swift, rows };
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const PAIRS = ['Paris|France', 'Oslo|Norway', 'Lima|Peru', 'Cairo|Egypt'].map((pair) => pair.split('|'));
const ROWS = {
  embedding: PAIRS.map(([city, country]) => ({
    messages: [user(country)],
    positive_messages: [[user(city)]],
  })),
  reranker: PAIRS.map(([city, country]) => ({
    messages: [user(`The capital of ${country}?`)],
    positive_messages: [[assistant(city)]],
    negative_messages: [[assistant('Bees.')]],
  })),
  seq_cls: PAIRS.map(([city, country], i) => ({ messages: [user(`${city} ${country}`)], label: i % 2 })),
};
/** The first number that is said. */
const firstOf = (said: string): number => Number(/-?\d+(\.\d+)?/.exec(said)![0]);
const STEPS = [
  '--batch_size',
  '4',
  '--gradient_accumulation_steps',
  '1',
  '--num_train_epochs',
  '2',
  '--dataset_test_ratio',
  '0',
];

test.each([
  ['embedding', 'nlp_structbert_backbone_base_std', 'full'],
  ['embedding', 'gte-modernbert-base', 'lora'],
  ['embedding', 'embeddinggemma-300m', 'full'],
  ['embedding', 'qwen3-embedding-0.6b', 'lora'],
  ['embedding', 'gte-qwen2-1.5b-instruct', 'full'],
  ['reranker', 'bge-reranker-base', 'lora'],
  ['reranker', 'gte-reranker-modernbert-base', 'full'],
  ['seq_cls', 'nlp_structbert_backbone_base_std', 'lora'],
  ['seq_cls', 'gte-modernbert-base', 'full'],
] as const)('--task_type %s: %s, %s, trains and says the same once loaded', async (task, id, tuner) => {
  const { swift, rows } = commands();
  const data = rows('rows.jsonl', ROWS[task]);
  const labels = task === 'seq_cls' ? ['--num_labels', '2'] : [];
  const train = [
    'sft',
    '--task_type',
    task,
    '--model_type',
    id,
    '--sft_type',
    tuner,
    '--dataset',
    data,
    ...labels,
    ...STEPS,
  ];
  const checkpoint = pathAfter('last_model_checkpoint', await swift(...train));
  const ask = (folder: string): Promise<string> =>
    swift('infer', '--ckpt_dir', folder, '--query', 'Who wrote it?');
  const said = await ask(checkpoint);
  expect(said.trim()).not.toBe('');
  if (tuner === 'full') return;
  const merged = await swift('export', '--ckpt_dir', checkpoint, '--merge_lora', 'true');
  const once = await ask(pathAfter('merged model', merged));
  expect(firstOf(once)).toBeCloseTo(firstOf(said), 2);
});

test.each([
  'bge-reranker-base',
  'qwen2.5-math-rm-72b',
  'qwen2.5-math-prm-7b',
  'internlm2-1_8b-reward',
  'skywork-reward-llama-3.1-8b',
  'skywork-reward-gemma-2-27b',
])('%s scores', async (id) => {
  const { swift } = commands();
  const said = await swift('infer', '--model_type', id, '--query', 'What is 1 + 1?');
  expect(said.trim()).toMatch(/-?\d/);
});

test.each(['qwen2.5-math-rm-72b', 'qwen2.5-math-prm-7b'])('%s is a reward model', async (id) => {
  const { swift, rows } = commands();
  const data = rows('rows.jsonl', [{ messages: [user('1 + 1?')] }]);
  const command = ['sample', '--model_type', 'qwen2-0_5b-instruct', '--dataset', data, '--reward_model', id];
  expect(await swift(...command, '--num_return_sequences', '2', '--max_new_tokens', '4')).not.toBe('');
});

test('an encoder is asked for text by nobody', async () => {
  const { run, rows } = commands();
  const data = rows('rows.jsonl', [{ messages: [user('hi'), assistant('ho')] }]);
  const model = ['--model_type', 'gte-modernbert-base'];
  const refused = async (...argv: readonly string[]): Promise<void> => {
    const { code, err } = await run(...argv);
    expect(err).toMatch(/no head of words.*task_type embedding, reranker or seq_cls/s);
    expect(code).toBe(2);
  };
  await refused('infer', ...model, '--query', 'hi');
  await refused('sft', ...model, '--dataset', data);
  await refused('pt', ...model, '--dataset', data);
  await refused('rlhf', '--rlhf_type', 'dpo', ...model, '--dataset', data);
});
