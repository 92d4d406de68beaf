import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { HuggingFaceHub } from '../../../core/hub/hugging-face-hub.js';
import { localHub, TINY, WEIGHTS } from './local-hub.js';

const { hub, newFolder } = localHub();
const model = { repo: 'acme/tiny.model', type: 'model' } as const;

function hugging(cache: string, more: Record<string, string> = {}, warnings: string[] = []) {
  const env = { HF_ENDPOINT: hub().url, HF_HUB_CACHE: newFolder(cache), ...more };
  return new HuggingFaceHub({ env, patience: 1, log: { warn: (message) => warnings.push(message) } });
}

const WEIGHTS_HASH = createHash('sha256').update(WEIGHTS).digest('hex');
const transfers = () => hub().requests.filter(({ path }) => path.includes('/resolve/'));

beforeEach(() => {
  hub().requests.length = 0;
  hub().cutAfter(undefined);
});

describe('a snapshot', () => {
  test('has every file, in the layout that Hugging Face tools share', async () => {
    const folder = await hugging('layout').snapshot(model);
    for (const [path, content] of Object.entries(TINY)) {
      expect(readFileSync(join(folder, path)).equals(Buffer.from(content))).toBe(true);
    }
    const repository = join(newFolder('layout'), 'models--acme--tiny.model');
    const commit = readFileSync(join(repository, 'refs', 'main'), 'utf8');
    expect(folder).toBe(join(repository, 'snapshots', commit));
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(lstatSync(join(folder, 'model.safetensors')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(repository, 'blobs'))).toHaveLength(4);
  });

  test('is not fetched twice; a commit is not even asked for', async () => {
    const client = hugging('reuse');
    const folder = await client.snapshot(model);
    expect(transfers()).toHaveLength(4);
    hub().requests.length = 0;
    expect(await hugging('reuse').snapshot(model)).toBe(folder);
    expect(hub().requests).toHaveLength(1);
    expect(transfers()).toHaveLength(0);
    const commit = folder.slice(-40);
    expect(await client.snapshot({ ...model, revision: commit })).toBe(folder);
    expect(hub().requests).toHaveLength(1);
  });

  test('takes only the files that are accepted, and the others when they are wanted', async () => {
    const client = hugging('filter');
    const folder = await client.snapshot({ ...model, accept: (path) => path === 'config.json' });
    expect(readdirSync(folder)).toEqual(['config.json']);
    await client.snapshot(model);
    expect(transfers()).toHaveLength(4);
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
  });

  test('of a revision, and of a dataset', async () => {
    const client = hugging('kinds');
    const old = await client.snapshot({ ...model, revision: 'v1' });
    expect(readFileSync(join(old, 'config.json'), 'utf8')).toContain('old');
    const rows = await client.snapshot({ repo: 'acme/rows', type: 'dataset' });
    expect(rows).toContain('datasets--acme--rows');
    expect(readdirSync(rows)).toEqual(['train.jsonl']);
  });

  test('with equal files keeps one blob, also when asked for twice at once', async () => {
    const twins = { repo: 'acme/twins', type: 'model' } as const;
    const [folder] = await Promise.all([hugging('twins').snapshot(twins), hugging('twins').snapshot(twins)]);
    const files = readdirSync(folder);
    expect(files).toHaveLength(12);
    for (const name of files) expect(readFileSync(join(folder, name)).equals(WEIGHTS)).toBe(true);
    expect(readdirSync(join(folder, '..', '..', 'blobs'))).toEqual([WEIGHTS_HASH]);
  });

  test('tells its progress and shows the token', async () => {
    const seen = new Map<string, number>();
    await hugging('progress', { HF_TOKEN: 'secret' }).snapshot({
      ...model,
      onProgress: ({ file, receivedBytes, totalBytes }) => {
        expect(receivedBytes).toBeLessThanOrEqual(totalBytes);
        seen.set(file, receivedBytes);
      },
    });
    expect(seen.get('model.safetensors')).toBe(WEIGHTS.length);
    expect(hub().requests.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
  });
});

test('two processes fetch one model into one cache, each file once', async () => {
  const module = new URL('../../../core/hub/hugging-face-hub.ts', import.meta.url).href;
  const env = { HF_ENDPOINT: hub().url, HF_HUB_CACHE: newFolder('shared') };
  const script = `const { HuggingFaceHub } = await import(${JSON.stringify(module)});
    const folder = await new HuggingFaceHub({ env: ${JSON.stringify(env)} }).snapshot({ repo: 'acme/twins', type: 'model' });
    const other = await new HuggingFaceHub({ env: ${JSON.stringify(env)} }).snapshot(${JSON.stringify(model)});
    console.log(folder, other);`;
  const argv = ['-C', 'swift-source', '--import', 'tsx', '--input-type=module', '-e', script];
  const runs = await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, argv)));
  const [first, ...others] = runs.map(({ stdout }) => stdout);
  expect(others).toEqual([first, first]);
  const [twins, tiny] = first.trim().split(' ');
  expect(readdirSync(twins)).toHaveLength(12);
  expect(readFileSync(join(tiny, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  const fetched = transfers().map(({ path }) => path.replace(/part-\d+/, 'part'));
  expect(fetched.length).toBe(new Set(fetched).size);
  const left = readdirSync(newFolder('shared'), { recursive: true }).map(String);
  expect(left.filter((path) => /incomplete|lock/.test(path))).toEqual([]);
});

describe('a broken download', () => {
  test('goes on where it broke, within one call', async () => {
    hub().cutAfter(100_000, (path) => path === 'model.safetensors');
    const folder = await hugging('cut').snapshot(model);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    const ranges = transfers()
      .filter(({ path }) => path.endsWith('model.safetensors'))
      .map(({ range }) => range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.length).toBeGreaterThanOrEqual(3);
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('leaves nothing that looks whole, and is continued by the next call', async () => {
    hub().cutAfter(0, (path) => path === 'model.safetensors');
    const client = hugging('dead');
    await expect(client.snapshot(model)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE', exitCode: 1 });
    const repository = join(newFolder('dead'), 'models--acme--tiny.model');
    const found = readdirSync(repository, { recursive: true }).map(String);
    expect(found.filter((path) => path.endsWith('model.safetensors'))).toEqual([]);
    expect(existsSync(join(repository, 'refs'))).toBe(false);
    expect(found.filter((path) => path.endsWith(WEIGHTS_HASH))).toEqual([]);
    writeFileSync(join(repository, 'blobs', `${WEIGHTS_HASH}.incomplete`), WEIGHTS.subarray(0, 1234));
    hub().cutAfter(undefined);
    hub().requests.length = 0;
    const folder = await client.snapshot(model);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(transfers().map(({ range }) => range)).toEqual(['bytes=1234-']);
  });

  test('a damaged part is found out and fetched anew', async () => {
    const blobs = join(newFolder('damaged'), 'models--acme--tiny.model', 'blobs');
    mkdirSync(blobs, { recursive: true });
    writeFileSync(join(blobs, `${WEIGHTS_HASH}.incomplete`), Buffer.alloc(1000, 1));
    const folder = await hugging('damaged').snapshot(model);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    const ranges = transfers().filter(({ path }) => path.endsWith('model.safetensors'));
    expect(ranges.map(({ range }) => range)).toEqual(['bytes=1000-', undefined]);
  });
});

describe('without the hub', () => {
  test('offline mode takes the cache and sends nothing', async () => {
    const folder = await hugging('offline').snapshot(model);
    hub().requests.length = 0;
    expect(await hugging('offline', { HF_HUB_OFFLINE: '1' }).snapshot(model)).toBe(folder);
    expect(hub().requests).toHaveLength(0);
    rmSync(join(folder, 'config.json'));
    await expect(hugging('offline', { HF_HUB_OFFLINE: '1' }).snapshot(model)).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      exitCode: 1,
      message: expect.stringContaining('the cache lacks config.json'),
    });
    await expect(hugging('nothing', { HF_HUB_OFFLINE: 'true' }).snapshot(model)).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringContaining("model 'acme/tiny.model'"),
    });
  });

  test('an unreachable hub is replaced by the cache, said once, or is an error', async () => {
    const away = { HF_ENDPOINT: 'http://127.0.0.1:9' };
    const folder = await hugging('away').snapshot(model);
    const warnings: string[] = [];
    expect(await hugging('away', away, warnings).snapshot(model)).toBe(folder);
    expect(warnings).toEqual([expect.stringContaining('http://127.0.0.1:9 cannot be reached')]);
    await expect(hugging('away-empty', away).snapshot(model)).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      exitCode: 1,
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
  });
});

test('what does not exist is named with its place', async () => {
  const client = hugging('missing');
  await expect(client.snapshot({ ...model, revision: 'v9' })).rejects.toMatchObject({
    code: 'HUB_NOT_FOUND',
    exitCode: 2,
    message: expect.stringMatching(/model 'acme\/tiny\.model' at revision 'v9' .*127\.0\.0\.1/),
  });
  await expect(client.snapshot({ repo: 'acme/none', type: 'dataset' })).rejects.toThrow(
    "The dataset 'acme/none' does not exist at Hugging Face",
  );
});
