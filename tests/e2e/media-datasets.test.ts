/** SWIFT's sets of images and sound by the command line, with the archives that hold their files. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { runSwift, scratch } from './swift.js';

const root = scratch();
const cwd = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let env: Record<string, string>;

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  env = {
    ...{ HF_ENDPOINT: hub.url, MODELSCOPE_ENDPOINT: hub.url },
    ...{ HF_HOME: join(cwd, 'hf'), MODELSCOPE_CACHE: join(cwd, 'ms') },
  };
}, 60_000);
afterAll(() => hub.close());

test.each([
  ['qwen2-audio-7b-instruct', 'aishell1-zh-mini', /2 kept, 2 dropped \(2 without their sound\)/],
  ['llava1_5-7b-instruct', 'llava-instruct-150k', /7 kept, 1 dropped \(1 without their image\)/],
  ['qwen2-vl-2b-instruct', 'mantis-instruct:chartqa', /1 kept, 0 dropped/],
  ['internvl2-8b', 'coco', /12 kept, 0 dropped/],
])(
  '%s learns %s',
  async (id, dataset, report) => {
    const { code, err } = await runSwift(
      [
        ...['sft', '--model_type', id, '--dataset', dataset, '--dataset_test_ratio', '0', '--max_steps', '2'],
        ...['--output_dir', `${id}-learned`, '--add_output_dir_suffix', 'false'],
      ],
      env,
      cwd,
    );
    expect(err).toMatch(report);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(0);
  },
  120_000,
);
