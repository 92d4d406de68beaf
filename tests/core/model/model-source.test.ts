import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Hub } from '../../../core/contracts/hub.js';
import { openModelSource } from '../../../core/model/model-source.js';
import { temporaryFolder } from '../io/temporary-folder.js';
import { parityCase } from '../../../parity/cases.js';
import { ggufTable } from '../../../core/model/gguf-table.js';
import { plugins } from '../../../parity/cases.js';

const folder = temporaryFolder();
const TORCH = fileURLToPath(new URL('../../fixtures/torch/llama3', import.meta.url));

/** A hub with one repository: `remote` says which of its files were asked for, last. */
function hubWith(remote: readonly string[], name: string): { hub: Hub; asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    hub: {
      snapshot({ accept }) {
        const files = remote.filter((path) => accept!(path));
        asked.push(files);
        const target = join(folder, name);
        for (const file of files) {
          const from = file.startsWith('pytorch') ? TORCH : parityCase('llama3').folder;
          cpSync(join(from, file), join(target, file));
        }
        return Promise.resolve(target);
      },
    },
  };
}

const PICKLED = [
  'pytorch_model-00001-of-00002.bin',
  'pytorch_model-00002-of-00002.bin',
  'pytorch_model.bin.index.json',
];

test('what a model is comes first, then safetensors and nothing else', async () => {
  const { hub, asked } = hubWith(['config.json', 'model.safetensors', ...PICKLED], 'both');
  const source = await openModelSource('a/b', { hub, gguf: ggufTable(plugins()) });
  expect(asked).toEqual([['config.json', 'pytorch_model.bin.index.json']]);
  await (await source.openWeights()).close();
  expect(asked.slice(1)).toEqual([['model.safetensors']]);
});

test('.bin files are fetched where there are no safetensors', async () => {
  const { hub, asked } = hubWith(['config.json', ...PICKLED, 'optimizer.bin', 'pytorch_model.pt'], 'pickled');
  const source = await openModelSource('a/b', { hub, gguf: ggufTable(plugins()) });
  const weights = await source.openWeights();
  expect(asked.slice(1)).toEqual([[], PICKLED.slice(0, 2)]);
  expect(weights.has('model.norm.weight')).toBe(true);
  await weights.close();
});

test('code that a config names comes along, for the folders of tuned models; no other code does', async () => {
  const remote = ['config.json', 'modeling_own.py', 'qwen.tiktoken', 'setup.sh', 'model.safetensors'];
  const asked: string[] = [];
  const hub: Hub = {
    snapshot({ accept }) {
      asked.push(...remote.filter((path) => accept!(path)));
      return Promise.resolve(parityCase('llama3').folder);
    },
  };
  await openModelSource('a/b', { hub, gguf: ggufTable(plugins()) });
  expect(asked).toEqual(['config.json', 'modeling_own.py', 'qwen.tiktoken']);
});

test('of a repository of several models only the folder that is named is fetched', async () => {
  const remote = ['README.txt', 'one/config.json', 'one/model.safetensors', 'two/config.json'];
  const asked: string[][] = [];
  const hub: Hub = {
    snapshot({ repo, accept }) {
      asked.push([repo, ...remote.filter((path) => accept!(path))]);
      cpSync(parityCase('llama3').folder, join(folder, 'several', 'one'), { recursive: true });
      return Promise.resolve(join(folder, 'several'));
    },
  };
  const source = await openModelSource('a/b:one', { hub, gguf: ggufTable(plugins()) });
  expect(source.path).toBe(join(folder, 'several', 'one'));
  await (await source.openWeights()).close();
  expect(asked).toEqual([
    ['a/b', 'one/config.json'],
    ['a/b', 'one/model.safetensors'],
  ]);
});

test.each(['a/b:../c', 'a/b:', 'a:one'])('%s names no folder of a repository', async (source) => {
  const hub: Hub = { snapshot: () => Promise.reject(new Error('asked')) };
  await expect(openModelSource(source, { hub, gguf: ggufTable(plugins()) })).rejects.toThrow(
    'there is no model folder or file',
  );
});
