import { expect, test } from 'vitest';
import { localHub, TINY, WEIGHTS } from './local-hub.js';

const { hub } = localHub();
const json = async (path: string, init?: RequestInit) => (await fetch(hub().url + path, init)).json();

test('names files and folders as Hugging Face does', async () => {
  const { sha, siblings } = (await json('/api/models/acme/tiny.model')) as {
    sha: string;
    siblings: { rfilename: string }[];
  };
  expect(siblings.map(({ rfilename }) => rfilename).sort()).toEqual(Object.keys(TINY).sort());
  const top = (await json(`/api/models/acme/tiny.model/tree/${sha}`)) as { path: string; type: string }[];
  expect(top.map(({ type, path }) => `${type} ${path}`)).toEqual([
    'directory nested',
    'file config.json',
    'file empty.txt',
    'file model.safetensors',
  ]);
  const body = JSON.stringify({ paths: ['model.safetensors', 'none'], expand: true });
  const infos = await json('/api/models/acme/tiny.model/paths-info/main', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(infos).toMatchObject([{ path: 'model.safetensors', lfs: { size: WEIGHTS.length } }]);
});

test('serves heads, ranges and faults', async () => {
  const at = `${hub().url}/acme/tiny.model/resolve/main/model.safetensors`;
  const head = await fetch(at, { method: 'HEAD' });
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'content-length': String(WEIGHTS.length),
    'accept-ranges': 'bytes',
    etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    'x-repo-commit': expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  const part = await fetch(at, { headers: { range: 'bytes=10-19' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-19/${WEIGHTS.length}`);
  expect(Buffer.from(await part.arrayBuffer()).equals(WEIGHTS.subarray(10, 20))).toBe(true);
  expect((await fetch(at, { headers: { range: 'bytes=999999-' } })).status).toBe(416);
  const absent = await fetch(at.replace('model.safetensors', 'none'));
  expect([absent.status, absent.headers.get('x-error-code')]).toEqual([404, 'EntryNotFound']);
  expect((await fetch(`${hub().url}/acme/..%2F..%2Fx/resolve/main/y`)).status).toBe(404);
  expect((await fetch(`${hub().url}/nothing`)).status).toBe(404);
});
