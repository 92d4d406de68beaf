/** GGUF files that llama.cpp's own converter made of parity cases, against those cases. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openGguf } from '../../core/io/gguf/index.js';
import { ggufTable } from '../../core/model/gguf-table.js';
import { plugins as ownPlugins } from '../../parity/cases.js';
import { loadModel } from '../../core/model/load-model.js';
import type { CausalLM } from '../../core/nn/index.js';
import {
  backendOf,
  fixture,
  loadCase,
  parityCase,
  plugins,
  readJson,
  readTensors,
} from '../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';

const GGUF = ggufTable(ownPlugins());

const FOLDER = fixture('gguf', 'converted');
/** What a file cannot say, as it was when the file was written. */
const { changes } = readJson<{ changes: Record<string, Record<string, unknown>> }>(
  join(FOLDER, 'cases.json'),
);
const cases = Object.keys(changes);
const root = mkdtempSync(join(tmpdir(), 'swift-gguf-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The case as it was converted. */
async function converted(id: string): Promise<CausalLM> {
  const parity = parityCase(id);
  const folder = join(root, id);
  cpSync(parity.folder, folder, { recursive: true });
  const config = readJson<object>(join(folder, 'config.json'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...changes[id] }));
  return (await loadCase(parity, { folder })).model;
}

const messages: string[] = [];
async function loaded(id: string): Promise<CausalLM> {
  messages.length = 0;
  const tell = (message: string): void => void messages.push(message);
  const { model } = await loadModel(
    { model_id_or_path: join(FOLDER, `${id}.gguf`), template_type: 'default', use_hf: true },
    {
      plugins: plugins(),
      hub: { snapshot: () => Promise.reject(new Error('a local file needs no hub')) },
      log: { info: tell, warn: tell },
    },
  );
  return model;
}

test('every architecture that is read has a file, and every file is a case', async () => {
  const read = new Set<unknown>();
  for (const id of cases) {
    const gguf = await openGguf(join(FOLDER, `${id}.gguf`), GGUF);
    read.add(gguf.metadata['general.architecture']);
    await gguf.close();
  }
  expect([...read].sort()).toEqual([...GGUF.names].sort());
  expect(readdirSync(FOLDER).sort()).toEqual([...cases.map((id) => `${id}.gguf`), 'cases.json'].sort());
});

test('docs/gguf.md lists what is read', () => {
  const page = readFileSync(new URL('../../docs/gguf.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([\w-]+)` /gm)].map(([, name]) => name);
  expect(listed.filter((name) => name !== 'general').sort()).toEqual([...GGUF.names].sort());
});

describe.each(cases)('%s', (id) => {
  const { folder, architecture, oracle } = parityCase(id);

  test("its tensors are the checkpoint's, and its architecture", async () => {
    const gguf = await openGguf(join(FOLDER, `${id}.gguf`), GGUF);
    const expected = await readTensors(join(folder, 'model.safetensors'));
    const wrong: string[] = [];
    for (const name of gguf.names()) {
      // The head of Ling is written as it is used, its columns scaled; the logits show whether it is right.
      if (id === 'ling' && name === 'lm_head.weight') continue;
      const own = expected.get(name);
      const values = await gguf.readFloat32(name);
      // An offset or logarithm that is taken back leaves a rounding.
      if (!own || own.length !== values.length || largestDifference(values, own) > 1e-6) wrong.push(name);
    }
    expect(wrong).toEqual([]);
    const stored = [...expected.keys()].filter((name) => !gguf.has(name) && !isLeftOut(id, name));
    expect(stored).toEqual([]);
    expect(gguf.config.architectures).toEqual([architecture]);
    expect(gguf.unread).toEqual([]);
    await gguf.close();
  });

  test('it computes what the checkpoint computes', async () => {
    const [backend, batch] = [await backendOf('onnxruntime'), batchOf(samplesOf(oracle))];
    const logits = await logitsOf(await loaded(id), backend, batch);
    const expected = await logitsOf(await converted(id), backend, batch);
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expect(largestDifference(logits, expected) / scale).toBeLessThanOrEqual(TOLERANCE.logits);
    if (Object.keys(changes[id]).length > 0) return;
    const known = (await readTensors(join(folder, 'oracle.safetensors'))).get('logits')!;
    expect(largestDifference(logits, known) / scale).toBeLessThanOrEqual(TOLERANCE.logits);
  });
});

/** The converter leaves out a head that is the embedding, and layers that it cannot write. */
function isLeftOut(id: string, name: string): boolean {
  return name === 'lm_head.weight' || (id === 'qwen2_moe' && /^model\.layers\.[12]\./.test(name));
}
