import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Hub, SnapshotRequest } from '../../../core/contracts/hub.js';
import { checkPath } from '../../../core/hub/remote-repository.js';
import { resolveSource } from '../../../core/hub/resolve-source.js';

function memory(name: string, seen: SnapshotRequest[] = []): Hub {
  return {
    snapshot(request) {
      seen.push(request);
      return Promise.resolve(`/${name}/${request.repo}`);
    },
  };
}

const hubs = { hf: memory('hf'), ms: memory('ms') };
const resolve = (source: string, useHf = false) => resolveSource(source, { hubs, useHf, type: 'model' });

test('a path that exists is itself', async () => {
  expect(await resolve(tmpdir())).toEqual({ path: tmpdir() });
});

test('an id goes to the hub that is asked for', async () => {
  expect(await resolve('Qwen/Qwen2.5-7B')).toEqual({ path: '/ms/Qwen/Qwen2.5-7B', repo: 'Qwen/Qwen2.5-7B' });
  expect(await resolve('Qwen/Qwen2.5-7B', true)).toMatchObject({ path: '/hf/Qwen/Qwen2.5-7B' });
  expect(await resolve('HF::gpt2')).toEqual({ path: '/hf/gpt2', repo: 'gpt2' });
  expect(await resolve('ms::a/b', true)).toMatchObject({ path: '/ms/a/b' });
});

test('the request passes through whole', async () => {
  const seen: SnapshotRequest[] = [];
  const accept = () => true;
  await resolveSource('a/b', {
    hubs: { ...hubs, hf: memory('hf', seen) },
    useHf: true,
    type: 'dataset',
    revision: 'x',
    accept,
  });
  expect(seen).toEqual([{ repo: 'a/b', type: 'dataset', revision: 'x', accept }]);
});

test.each(['./nowhere', '../nowhere', '/no/where', '~/no-such-folder-here', 'data/none.jsonl'])(
  'the absent path %s is not taken for an id',
  async (source) => {
    await expect(resolve(source)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', exitCode: 2 });
  },
);

test.each(['', 'a/b/c', 'a b', 'hf::'])('%j is neither', async (source) => {
  await expect(resolve(source)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
});

test('a repository cannot name a file outside itself', () => {
  for (const path of ['../x', 'a/../../x', '/etc/x', 'C:\\x', 'a\\..\\x', '']) {
    expect(() => checkPath(path)).toThrow('outside itself');
  }
  expect(checkPath('a/b..c/.d')).toBe('a/b..c/.d');
});
