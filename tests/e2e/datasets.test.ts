/** Sets of rewards, ranks and preferences by their ids, from a hub to a step of training. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHubDatasets } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch, TINY } from './swift.js';

const root = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;

beforeAll(async () => {
  await writeHubDatasets(root);
  hub = await startHub({ root });
});
afterAll(() => hub.close());

const FLAGS = [
  ...['--model', TINY, '--max_steps', '1', '--logging_steps', '1', '--dataset_test_ratio', '0'],
  ...['--batch_size', '4', '--gradient_accumulation_steps', '1', '--add_output_dir_suffix', 'false'],
];

/** A run's folder, after one step. */
async function trained(...words: readonly string[]): Promise<string> {
  const cwd = scratch();
  const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const { code, err } = await runSwift([...words, ...FLAGS, '--output_dir', 'out'], env, cwd);
  expect(code, err).toBe(0);
  return join(cwd, 'out');
}

const lines = (folder: string, file: string): Record<string, unknown>[] =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('grpo asks gsm8k, and accuracy holds answers against what stands behind ####', async () => {
  const words = ['rlhf', '--rlhf_type', 'grpo', '--dataset', 'gsm8k', '--reward_funcs', 'accuracy'];
  const folder = await trained(...words, '--num_generations', '4', '--max_completion_length', '8');
  expect(lines(folder, 'logging.jsonl')[0]).toHaveProperty(['rewards/accuracy/mean']);
  const answers = lines(folder, 'completions.jsonl');
  expect(answers).toHaveLength(4);
  for (const { rewards } of answers) expect(rewards).toEqual({ accuracy: expect.any(Number) as number });
  expect(JSON.stringify(answers)).toContain('How many has she now?');
});

test.each(['scidocs-reranking', 'MTEB/stackoverflowdupquestions-reranking'])(
  'a reranker learns of %s',
  async (id) => {
    const folder = await trained('sft', '--task_type', 'reranker', '--dataset', id);
    expect(lines(folder, 'logging.jsonl')[0]).toMatchObject({ mrr: expect.any(Number) as number });
  },
);

test('dpo learns of human-like-dpo-dataset', async () => {
  const folder = await trained('rlhf', '--rlhf_type', 'dpo', '--dataset', 'human-like-dpo-dataset');
  expect(lines(folder, 'logging.jsonl')[0].loss).toBeCloseTo(Math.LN2, 5);
});
