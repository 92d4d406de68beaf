import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { pathAfter, runSwift, scratch, startSwift } from './swift.js';

/** The command line of the paper, word for word; only the hub is a local one. */
const LITERAL = ['sft', '--model_type', 'qwen2-0.5b-instruct', '--dataset', 'alpaca-en#64', 'self-cognition'];
const NAMES = ['--model_name', '小黄', 'Xiao Huang', '--model_author', '魔搭', 'ModelScope'];

const root = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
});
afterAll(() => hub.close());

test('the literal command trains from the hub; killed and resumed it ends with the same adapter', async () => {
  const cwd = scratch();
  const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const save = ['--save_steps', '3', '--add_output_dir_suffix', 'false'];
  const whole = await runSwift([...LITERAL, ...save, '--output_dir', 'whole'], env, cwd);
  expect(whole.err).toContain('no --model_name is given');
  expect(whole.err).toContain('alpaca-en#64');
  expect(whole.code).toBe(0);
  const last = pathAfter('last_model_checkpoint', whole.out);

  const killed = startSwift([...LITERAL, ...save, '--output_dir', 'killed'], { cwd, env });
  const first = join(cwd, 'killed', 'checkpoint-3');
  while (!existsSync(first) && killed.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.once('exit', resolve));
  expect(existsSync(first)).toBe(true);

  // The hub is gone for the rest: what was downloaded is enough.
  const offline = { ...env, HF_HUB_OFFLINE: '1' };
  const resume = ['--output_dir', 'resumed', '--resume_from_checkpoint', first];
  const resumed = await runSwift([...LITERAL, ...save, ...resume], offline, cwd);
  expect(resumed.err).toContain('going on from step 3');
  expect(resumed.code).toBe(0);
  const adapter = (folder: string): Buffer => readFileSync(join(folder, 'adapter_model.safetensors'));
  expect(adapter(pathAfter('last_model_checkpoint', resumed.out)).equals(adapter(last))).toBe(true);
});

test('ModelScope serves the same job', async () => {
  const cwd = scratch();
  const env = { MODELSCOPE_ENDPOINT: hub.url, MODELSCOPE_CACHE: join(cwd, 'ms'), USE_HF: '0' };
  const { code, err } = await runSwift([...LITERAL, ...NAMES, '--max_steps', '1'], env, cwd);
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  const paths = hub.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/v1/models/'));
  expect(paths[0]).toContain('/qwen/Qwen2-0.5B-Instruct/');
});

test('an unreachable hub and an unknown repository are said plainly', async () => {
  const cwd = scratch();
  const env = { HF_HOME: join(cwd, 'hf') };
  const gone = await runSwift([...LITERAL, ...NAMES], { ...env, HF_ENDPOINT: 'http://127.0.0.1:9' }, cwd);
  expect(gone.err).toContain('HUB_UNREACHABLE');
  expect(gone.code).toBe(1);
  const unknown = await runSwift(
    ['sft', '--model', 'nobody/nothing', '--dataset', 'alpaca-en#4'],
    { ...env, HF_ENDPOINT: hub.url },
    cwd,
  );
  expect(unknown.err).toContain('HUB_NOT_FOUND');
  expect(unknown.code).toBe(2);
});
