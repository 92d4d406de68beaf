/** Hubs that stall, lie, never end, or are busy: nothing leaves the cache, nothing hangs, no secret is told. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { HuggingFaceHub } from '../../../core/hub/hugging-face-hub.js';
import { ModelScopeHub } from '../../../core/hub/model-scope-hub.js';
import { remoteFile } from '../../../core/hub/remote-repository.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const CONTENT = Buffer.from('{"model_type":"tiny"}');
const OID = createHash('sha1').update(`blob ${CONTENT.length}\0`).update(CONTENT).digest('hex');
const request = { repo: 'acme/tiny', type: 'model' } as const;

interface Answers {
  commit?: unknown;
  tree?: unknown;
  /** Answers a file, or any address, in its own way; false leaves it to the others. */
  own?: (url: URL, response: ServerResponse, request: IncomingMessage) => boolean;
}

const servers: Server[] = [];
const root = temporaryFolder();
let runs = 0;

afterEach(() => Promise.all(servers.splice(0).map((server) => stop(server))));
afterAll(() => expect(readdirSync(root).filter((name) => name.startsWith('outside'))).toEqual([]));

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function serve({ commit = COMMIT, tree, own }: Answers): Promise<string> {
  const files = tree ?? [{ type: 'file', path: 'config.json', size: CONTENT.length, oid: OID }];
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url!, 'http://localhost');
    const json = (value: unknown): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (own?.(url, response, incoming)) return;
    if (url.pathname.includes('/tree/')) json(files);
    else if (url.pathname.includes('/resolve/')) response.end(CONTENT);
    else json({ id: 'acme/tiny', sha: commit, private: false, tags: [], downloads: 0, likes: 0 });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function hub(endpoint: string, env: Record<string, string> = {}): { client: HuggingFaceHub; cache: string } {
  const cache = join(root, `cache-${runs++}`);
  const client = new HuggingFaceHub({
    env: { HF_ENDPOINT: endpoint, HF_HUB_CACHE: cache, ...env },
    patience: 1,
    timeout: 250,
    log: { warn: () => undefined },
  });
  return { client, cache };
}

const refused = (endpoint: string, said: RegExp, env?: Record<string, string>) =>
  expect(hub(endpoint, env).client.snapshot(request)).rejects.toMatchObject({
    code: 'HUB_UNREACHABLE',
    message: expect.stringMatching(said) as string,
  });

describe('names from outside', () => {
  test.each(['../../outside', '/etc', 'main', '', COMMIT.toUpperCase(), `${COMMIT}/..`, 7, null])(
    'the commit %j',
    async (commit) => refused(await serve({ commit }), /names the commit|does not deliver/),
  );

  test.each([
    [{ path: '../../../outside.json' }, /outside itself/],
    [{ path: '/outside.json' }, /outside itself/],
    [{ path: 'a/..\\..\\outside' }, /outside itself/],
    [{ path: 'C:outside' }, /outside itself/],
    [{ path: '' }, /outside itself/],
    [{ path: 'a\0b' }, /names a file/],
    [{ path: 7 }, /without a path/],
    [{ oid: '../../../../outside' }, /git id/],
    [{ oid: OID.slice(1) }, /git id/],
    [{ lfs: { oid: '../../outside', size: 3, pointerSize: 1 } }, /sha256/],
    [{ size: -1 }, /size/],
    [{ size: 1e300 }, /size/],
    [{ size: '21' }, /size/],
  ])('the file %j', async (lie, said) => {
    const file = { type: 'file', path: 'config.json', size: CONTENT.length, oid: OID, ...lie };
    await refused(await serve({ tree: [file] }), said);
  });

  test('a revision that is a path elsewhere writes nothing', async () => {
    const { client } = hub(await serve({}));
    await expect(client.snapshot({ ...request, revision: '../../../outside' })).rejects.toThrow();
  });

  test('whatever a listing says, a file is refused or stays inside', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('..', '/', '\\', 'C:', 'a/../b', '\0', '.'));
    const path = fc.array(text, { maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, fc.anything(), fc.anything(), (name, sha256, bytes) => {
        let file;
        try {
          file = remoteFile({ path: name, bytes, sha256 });
        } catch {
          return;
        }
        const at = join('/cache/snapshot', file.path);
        expect(at.startsWith('/cache/snapshot')).toBe(true);
        expect(file.sha256 ?? 'a'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
        expect(file.bytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('servers that do not end', () => {
  test.each([
    ['headers that never come', () => true],
    ['a body that stalls', (response: ServerResponse) => Boolean(response.writeHead(200).write('{'))],
  ])('questions: %s', async (_, own) => {
    await refused(await serve({ own: (__, response) => own(response) }), /does not deliver/);
  });

  test.each([
    ['headers that never come', () => undefined],
    [
      'a body that stalls',
      (response: ServerResponse) => void response.writeHead(200, { 'content-length': '21' }).write('{'),
    ],
    [
      'a byte at a time',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '21' });
        const timer = setInterval(() => response.write('{'), 100);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('files: %s', async (_, answer) => {
    const own = (url: URL, response: ServerResponse): boolean => {
      if (!url.pathname.includes('/resolve/')) return false;
      answer(response);
      return true;
    };
    await refused(await serve({ own }), /nothing came|no answer|connection ended/);
  });

  test('a file that goes on beyond its size fills no disk', async () => {
    const own = (url: URL, response: ServerResponse): boolean => {
      if (!url.pathname.includes('/resolve/')) return false;
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
      return true;
    };
    const { client, cache } = hub(await serve({ own }));
    await expect(client.snapshot(request)).rejects.toThrow('goes on beyond its 21 bytes');
    const blobs = join(cache, 'models--acme--tiny', 'blobs');
    expect(readdirSync(blobs).filter((name) => !name.includes('incomplete'))).toEqual([]);
  });

  test('pages without end', async () => {
    const own = (url: URL, response: ServerResponse, { headers }: IncomingMessage): boolean => {
      if (!url.pathname.includes('/tree/')) return false;
      response.setHeader('link', `<http://${headers.host}${url.pathname}?cursor=1>; rel="next"`).end('[]');
      return true;
    };
    await refused(await serve({ own }), /more than 2000 pages/);
  });
});

describe('busy servers', () => {
  test.each([429, 500, 503])(
    '%i is asked again, on every address, after the pause it asks for',
    async (status) => {
      const met = new Map<string, number>();
      const own = (url: URL, response: ServerResponse): boolean => {
        const count = (met.get(url.pathname) ?? 0) + 1;
        met.set(url.pathname, count);
        if (count > 2) return false;
        response.writeHead(status, count === 1 ? { 'retry-after': '0' } : {}).end('busy');
        return true;
      };
      const folder = await hub(await serve({ own })).client.snapshot(request);
      expect(existsSync(join(folder, 'config.json'))).toBe(true);
      expect([...met.values()]).toEqual([3, 3, 3]);
    },
  );

  test('a refusal that lasts is not asked again', async () => {
    let asked = 0;
    const own = (_: URL, response: ServerResponse): boolean => {
      asked++;
      response.writeHead(404).end();
      return true;
    };
    const { client } = hub(await serve({ own }));
    await expect(client.snapshot(request)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
    expect(asked).toBe(1);
  });
});

test('a damaged listing in the cache is fetched anew', async () => {
  const { client, cache } = hub(await serve({}));
  const folder = await client.snapshot(request);
  const listing = join(cache, 'models--acme--tiny', '.listings', `${COMMIT}.json`);
  for (const text of ['', '{}', '[{"path":"../x","bytes":1}]', '[null]', '"x"']) {
    writeFileSync(listing, text);
    expect(await client.snapshot(request)).toBe(folder);
  }
});

test('a list that does not fit what the hub delivers is asked for anew', async () => {
  const wrong = [
    {
      type: 'file',
      path: 'config.json',
      size: CONTENT.length,
      oid: OID.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    },
  ];
  let tree: object[] = wrong;
  const endpoint = await serve({
    own: (url, response) => {
      if (!url.pathname.includes('/tree/')) return false;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(tree));
      return true;
    },
  });
  const { client } = hub(endpoint);
  await expect(client.snapshot(request)).rejects.toThrow('arrived damaged');
  tree = [{ ...wrong[0], oid: OID }];
  expect(existsSync(join(await client.snapshot(request), 'config.json'))).toBe(true);
});

describe('credentials', () => {
  const TOKEN = 'hf_secret';

  test("go to the endpoint's own origin, and into no message", async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await serve({
      own: (_, response, { headers }) => {
        seen.push(headers.authorization);
        response.end('[]');
        return true;
      },
    });
    const heard: (string | undefined)[] = [];
    const own = (url: URL, response: ServerResponse, { headers }: IncomingMessage): boolean => {
      heard.push(headers.authorization);
      if (url.pathname.includes('/tree/')) {
        response.setHeader('link', `<${elsewhere}/next>; rel="next"`).end('[]');
        return true;
      }
      return false;
    };
    await hub(await serve({ own }), { HF_TOKEN: TOKEN }).client.snapshot(request);
    expect(heard).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
    expect(seen).toEqual([undefined]);
    const failing = await serve({ own: (_, response) => Boolean(response.writeHead(500).end()) });
    const error = await hub(failing, { HF_TOKEN: TOKEN }).client.snapshot(request).catch(String);
    expect(error).not.toContain(TOKEN);
  });

  test.each([
    ['HF_ENDPOINT', 'https://user:word@mirror.example', 'holds a user name or password'],
    ['HF_ENDPOINT', 'mirror.example', 'is no http address'],
    ['HF_ENDPOINT', 'file:///etc', 'is no http address'],
  ])('%s=%s is refused', (name, value, said) => {
    expect(() => new HuggingFaceHub({ env: { [name]: value } })).toThrow(said);
    expect(() => new HuggingFaceHub({ env: { [name]: value } })).not.toThrow('word@');
    expect(() => new ModelScopeHub({ env: { MODELSCOPE_ENDPOINT: value } })).toThrow(said);
  });
});

test('ModelScope: names, sizes and hashes are held against their grammar; a damaged ledger is none', async () => {
  const listing = (files: object[]) => ({
    own: (url: URL, response: ServerResponse): boolean => {
      if (!url.pathname.endsWith('/repo/files')) return false;
      response.end(JSON.stringify({ Data: { Files: files } }));
      return true;
    },
  });
  const client = (endpoint: string, cache: string) =>
    new ModelScopeHub({
      env: { MODELSCOPE_ENDPOINT: endpoint, MODELSCOPE_CACHE: cache },
      patience: 1,
      timeout: 250,
      log: { warn: () => undefined },
    });
  for (const lie of [{ Path: '../../outside' }, { Sha256: '../../outside' }, { Size: -1 }]) {
    const endpoint = await serve(listing([{ Path: 'config.json', Type: 'blob', Size: 21, ...lie }]));
    await expect(client(endpoint, join(root, `ms-${runs++}`)).snapshot(request)).rejects.toThrow();
  }
  const endpoint = await serve({
    own: (url, response, incoming) =>
      listing([{ Path: 'config.json', Type: 'blob', Size: CONTENT.length }]).own(url, response) ||
      (incoming.url!.includes('FilePath') && Boolean(response.end(CONTENT))),
  });
  const cache = join(root, `ms-${runs++}`);
  const ledger = join(cache, 'models', 'acme', 'tiny', '.swift-snapshot.json');
  for (const text of ['', '[]', '{"files":[{"path":"../x","bytes":1}],"checked":{}}']) {
    mkdirSync(dirname(ledger), { recursive: true });
    writeFileSync(ledger, text);
    const folder = await client(endpoint, cache).snapshot(request);
    expect(existsSync(join(folder, 'config.json'))).toBe(true);
  }
});
