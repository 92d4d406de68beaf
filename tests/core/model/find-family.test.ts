import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCase, parityCase } from '../../../parity/cases.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const root = temporaryFolder();

/** The Qwen2.5 case with other words in its config.json, loaded by its folder. */
function qwenWith(name: string, changed: object) {
  const folder = join(root, name);
  mkdirSync(folder);
  const parity = parityCase('qwen2_5');
  cpSync(parity.folder, folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, ...changed }));
  const messages: string[] = [];
  const unnamed = { ...parity, oracle: { ...parity.oracle, model_type: undefined } };
  return { messages, load: () => loadCase(unnamed, { folder, messages }) };
}

test.each([
  ['by its architecture', { architectures: ['Qwen2ForCausalLM'], model_type: 'llama' }],
  ['by the second of its architectures', { architectures: ['NewForCausalLM', 'Qwen2ForCausalLM'] }],
])('%s', async (name, changed) => {
  const { messages, load } = qwenWith(name, changed);
  expect((await load()).modelType).toBe('qwen2');
  expect(messages.filter((text) => text.includes('config names'))).toEqual([]);
});

test.each([
  ['architecture', { architectures: ['Qwen9ForCausalLM'] }, "architecture 'Qwen9ForCausalLM'"],
  ['no architecture', { architectures: undefined }, 'no architecture'],
])('%s that is known: by its model_type, and it is said', async (name, changed, shown) => {
  const { messages, load } = qwenWith(name, { ...changed, model_type: 'qwen2' });
  expect((await load()).modelType).toBe('qwen2');
  expect(messages).toContainEqual(expect.stringMatching(`${shown} that is known; built as qwen2`));
});

test.each([
  ['Qwen2ForTokenClassification', /^Nearest that are built: (.*, )?Qwen2ForCausalLM/],
  ['ZzzForCausalLM', /^Built: .*LlamaForCausalLM/],
])('neither is known: the nearest architectures to %s are named', async (architecture, shown) => {
  const { load } = qwenWith(architecture, { architectures: [architecture], model_type: 'zzz' });
  await expect(load()).rejects.toMatchObject({
    code: 'UNSUPPORTED_MODEL',
    message: expect.stringMatching(`architecture '${architecture}' \\(model_type 'zzz'\\)`),
    cure: expect.arrayContaining([expect.stringMatching(shown)]),
  });
});
