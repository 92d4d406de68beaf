import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ModelScopeHub } from '../../../core/hub/model-scope-hub.js';
import { localHub, TINY, WEIGHTS } from './local-hub.js';

const { hub, newFolder } = localHub();
const model = { repo: 'acme/tiny.model', type: 'model' } as const;

function scope(cache: string, more: Record<string, string> = {}, warnings: string[] = []) {
  const env = { MODELSCOPE_ENDPOINT: hub().url, MODELSCOPE_CACHE: newFolder(cache), ...more };
  return new ModelScopeHub({ env, patience: 1, log: { warn: (message) => warnings.push(message) } });
}

const transfers = () => hub().requests.filter(({ path }) => path.includes('FilePath='));

beforeEach(() => {
  hub().requests.length = 0;
  hub().cutAfter(undefined);
});

test('a snapshot lies where ModelScope keeps it, and is fetched once', async () => {
  const folder = await scope('layout').snapshot(model);
  expect(folder).toBe(join(newFolder('layout'), 'models', 'acme', 'tiny___model'));
  for (const [path, content] of Object.entries(TINY)) {
    expect(readFileSync(join(folder, path)).equals(Buffer.from(content))).toBe(true);
  }
  expect(transfers()).toHaveLength(4);
  await scope('layout').snapshot(model);
  expect(transfers()).toHaveLength(4);
});

test('files of another tool are used when they are sound, and replaced when not', async () => {
  const folder = await scope('foreign').snapshot(model);
  rmSync(join(folder, '.swift-snapshot.json'));
  writeFileSync(join(folder, 'model.safetensors'), Buffer.alloc(WEIGHTS.length));
  hub().requests.length = 0;
  await scope('foreign').snapshot(model);
  expect(transfers()).toHaveLength(1);
  expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
});

test('datasets, page by page; revisions, each in a folder of its own', async () => {
  const many = await scope('kinds').snapshot({ repo: 'acme/many', type: 'dataset' });
  expect(readdirSync(many).filter((name) => name.startsWith('part-'))).toHaveLength(205);
  const old = await scope('kinds').snapshot({ ...model, revision: 'v1' });
  expect(readFileSync(join(old, 'config.json'), 'utf8')).toContain('old');
  expect(old).toMatch(/tiny___model@v1$/);
});

test('equal files', async () => {
  const folder = await scope('twins').snapshot({ repo: 'acme/twins', type: 'model' });
  for (let i = 0; i < 12; i++) expect(readFileSync(join(folder, `part-${i}.bin`)).equals(WEIGHTS)).toBe(true);
});

test('a broken download goes on where it broke and leaves no false file', async () => {
  hub().cutAfter(0, (path) => path === 'model.safetensors');
  await expect(scope('cut').snapshot(model)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE', exitCode: 1 });
  const folder = join(newFolder('cut'), 'models', 'acme', 'tiny___model');
  expect(existsSync(join(folder, 'model.safetensors'))).toBe(false);
  hub().cutAfter(100_000);
  await scope('cut').snapshot(model);
  expect(readFileSync(join(folder, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  expect(transfers().some(({ range }) => range?.startsWith('bytes='))).toBe(true);
});

test('offline, unreachable, absent', async () => {
  const folder = await scope('away').snapshot(model);
  hub().requests.length = 0;
  expect(await scope('away', { HF_HUB_OFFLINE: '1' }).snapshot(model)).toBe(folder);
  const warnings: string[] = [];
  const away = { MODELSCOPE_ENDPOINT: 'http://127.0.0.1:9' };
  expect(await scope('away', away, warnings).snapshot(model)).toBe(folder);
  expect(warnings).toHaveLength(1);
  expect(hub().requests).toHaveLength(0);
  await expect(scope('empty', away).snapshot(model)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
  await expect(scope('empty', { HF_HUB_OFFLINE: '1' }).snapshot(model)).rejects.toMatchObject({
    code: 'HUB_OFFLINE',
  });
  await expect(scope('away').snapshot({ repo: 'acme/none', type: 'model' })).rejects.toMatchObject({
    code: 'HUB_NOT_FOUND',
    message: expect.stringContaining("The model 'acme/none' does not exist at ModelScope"),
  });
});
