import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startHub, type LocalHub } from '../../../local-hub/server.js';

export const WEIGHTS = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >>> 8));

export const TINY = {
  'config.json': '{"model_type":"tiny"}',
  'model.safetensors': WEIGHTS,
  'nested/deep name+1.txt': 'ünïcode',
  'empty.txt': '',
};

/** A hub with a model (and its revision `v1`) and a dataset, on a free port, for all tests of a file. */
export function localHub(): { hub: () => LocalHub; root: string; newFolder: (name: string) => string } {
  const root = mkdtempSync(join(tmpdir(), 'swift-hub-'));
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(TINY)) put(`models/acme/tiny.model/${path}`, content);
  put('models/acme/tiny.model@v1/config.json', '{"model_type":"old"}');
  for (let i = 0; i < 12; i++) put(`models/acme/twins/part-${i}.bin`, WEIGHTS);
  put('datasets/acme/rows/train.jsonl', '{"query":"a"}\n');
  for (let i = 0; i < 205; i++) put(`datasets/acme/many/part-${i}.txt`, String(i));
  let hub: LocalHub;
  beforeAll(async () => {
    hub = await startHub({ root });
  });
  afterAll(async () => {
    await hub.close();
    await rm(root, { recursive: true, force: true });
  });
  return { hub: () => hub, root, newFolder: (name) => join(root, 'caches', name) };
}
