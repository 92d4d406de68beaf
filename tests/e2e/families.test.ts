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

test.each([
  ['windows and caps', 'gemma2-2b-instruct'],
  ['experts', 'mixtral-moe-7b-instruct'],
  ['latent attention', 'deepseek-v2-lite-chat'],
  ['a state-space model', 'mamba-130m'],
  ['attention sinks', 'gpt-oss-20b'],
  ['learned positions', 'polylm-13b'],
])('%s: %s trains, answers, and answers the same once merged', async (_, id) => {
  const cwd = scratch();
  const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const swift = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await runSwift(argv, env, cwd);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    return out;
  };
  const ask = (folder: string): Promise<string> =>
    swift('infer', '--ckpt_dir', folder, '--query', 'Name three colors.', ...GREEDY);

  const trained = await swift('sft', '--model_type', id, '--dataset', 'alpaca-en#32', ...STEPS);
  const checkpoint = pathAfter('last_model_checkpoint', trained);
  const answer = await ask(checkpoint);
  expect(answer.trim()).not.toBe('');
  const merged = await swift('export', '--ckpt_dir', checkpoint, '--merge_lora', 'true');
  expect(await ask(pathAfter('merged model', merged))).toBe(answer);
});

const GREEDY = ['--temperature', '0', '--max_new_tokens', '16'];
const STEPS = ['--learning_rate', '1e-3', '--batch_size', '4', '--gradient_accumulation_steps', '1'];
