import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { services as composed } from '../../../core/sdk/default-services.js';
import { HuggingFaceHub } from '../../../core/hub/hugging-face-hub.js';
import { ModelScopeHub } from '../../../core/hub/model-scope-hub.js';
import { dataFilesOf, readRows } from '../../../core/io/rows/read-rows.js';
import { loadModel } from '../../../core/model/load-model.js';
import { writeHubContent } from '../../../local-hub/content.js';
import { startHub, type LocalHub } from '../../../local-hub/server.js';

const folder = mkdtempSync(join(tmpdir(), 'swift-content-'));
const root = join(folder, 'root');
const { plugins: services } = composed();
let server: LocalHub;

beforeAll(async () => {
  await writeHubContent(root);
  server = await startHub({ root });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const log = { info: () => {}, warn: () => {} };

function hubOf(name: 'hf' | 'ms') {
  const cache = join(folder, name);
  return name === 'hf'
    ? new HuggingFaceHub({ env: { HF_ENDPOINT: server.url, HF_HUB_CACHE: cache }, log })
    : new ModelScopeHub({ env: { MODELSCOPE_ENDPOINT: server.url, MODELSCOPE_CACHE: cache }, log });
}

function hashes(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map(
      (file) => `${file.slice(path.length)} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`,
    );
}

test('is the same every time', async () => {
  const again = join(folder, 'again');
  await writeHubContent(again);
  expect(hashes(again)).toEqual(hashes(root));
});

describe.each([
  ['qwen2-0_5b-instruct', '<|im_end|>'],
  ['qwen2_5-0_5b-instruct', '<|im_end|>'],
  ['llama-3.2-1b-instruct', '<|eot_id|>'],
  ['smollm2-135m-instruct', '<|im_end|>'],
  ['qwen2-7b-instruct-gptq-int4', '<|im_end|>'],
  ['qwen2-7b-instruct-awq', '<|im_end|>'],
])('the model %s', (model_type, end) => {
  test.each(['hf', 'ms'] as const)('loads from %s, with a tokenizer that gives texts back', async (name) => {
    const loaded = await loadModel(
      { model_type, use_hf: name === 'hf' },
      { plugins: services, hub: hubOf(name), log },
    );
    const { model, tokenizer, template } = loaded;
    expect(model.shape.vocab_size).toBe(tokenizer.vocabSize);
    const text = "What's 12 + 345?\n\n你好，世界！ 🙂";
    const ids = tokenizer.encode(text);
    expect(Math.max(...ids)).toBeLessThan(model.shape.vocab_size);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(ids.length).toBeLessThan(Buffer.byteLength(text));
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ] as const;
    const encoded = template.encode({ messages: [...messages] }, tokenizer);
    if (encoded.kind !== 'sample') throw new Error(encoded.reason);
    const { input_ids, labels } = encoded.sample;
    const supervised = input_ids.filter((_, i) => labels[i] >= 0);
    expect(tokenizer.decode(supervised, { skipSpecialTokens: false })).toContain(`hello${end}`);
  });
});

test.each([
  ['alpaca-en', 150],
  ['alpaca-zh', 50],
  ['self-cognition', 100],
  ['dolly-15k', 15],
  ['code-alpaca-en', 10],
  ['sharegpt-gpt4', 15],
  ['pile', 15],
])('the dataset %s has at least %i rows that its plugin takes', async (id, least) => {
  const { instance, meta } = await services.resolve('dataset', id);
  for (const name of ['hf', 'ms'] as const) {
    const repo = meta[name];
    if (repo === undefined) continue;
    const path = await hubOf(name).snapshot({ repo, type: 'dataset' });
    const answers = new Set<string>();
    for (const file of await dataFilesOf(path)) {
      for await (const { row } of readRows(file)) {
        const standard = instance.toRow(row, {
          model_name: ['小黄', 'Xiao Huang'],
          model_author: ['魔搭', 'MS'],
        });
        answers.add(JSON.stringify(standard!.messages));
      }
    }
    expect(answers.size).toBeGreaterThanOrEqual(least);
  }
});
