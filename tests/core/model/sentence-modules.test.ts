import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSentenceModules } from '../../../core/model/sentence-modules.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'swift-modules-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function modules(kinds: readonly string[], configs: Readonly<Record<string, object>>): void {
  const listed = kinds.map((kind, idx) => ({
    idx,
    path: `${idx}_${kind}`,
    type: `sentence_transformers.models.${kind}`,
  }));
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(listed));
  for (const [path, config] of Object.entries(configs)) {
    mkdirSync(join(folder, path));
    writeFileSync(join(folder, path, 'config.json'), JSON.stringify(config));
  }
}

test('a checkpoint without them says nothing', () => {
  expect(readSentenceModules(folder)).toEqual({ dense: [] });
});

test.each([
  [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'first'],
  [{ pooling_mode_mean_tokens: true }, 'mean'],
  [{ pooling_mode_lasttoken: true }, 'last'],
  [{ pooling_mode: 'cls' }, 'first'],
])('%j', (config, pooling) => {
  modules(['Transformer', 'Pooling', 'Normalize'], { '1_Pooling': config });
  expect(readSentenceModules(folder)).toEqual({ pooling, dense: [] });
});

test('dense layers', () => {
  const dense = {
    in_features: 4,
    out_features: 8,
    bias: false,
    activation_function: 'torch.nn.modules.linear.Identity',
  };
  modules(['Transformer', 'Pooling', 'Dense'], {
    '1_Pooling': { pooling_mode_mean_tokens: true },
    '2_Dense': dense,
  });
  expect(readSentenceModules(folder)).toEqual({
    pooling: 'mean',
    dense: [{ path: '2_Dense', in_features: 4, out_features: 8, bias: false, activation: undefined }],
  });
});

test.each([
  [
    ['Transformer', 'Pooling'],
    { '1_Pooling': { pooling_mode_max_tokens: true } },
    /pooling by pooling_mode_max_tokens/,
  ],
  [
    ['Transformer', 'Pooling'],
    { '1_Pooling': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } },
    /pooling_mode_cls_token and pooling_mode_mean_tokens/,
  ],
  [['Transformer', 'Pooling'], { '1_Pooling': { pooling_mode: 'weightedmean' } }, /weightedmean/],
  [['Transformer', 'CNN'], {}, /a module CNN/],
  [
    ['Dense'],
    { '0_Dense': { in_features: 1, out_features: 1, activation_function: 'torch.nn.GELU' } },
    /torch.nn.GELU/,
  ],
])('%j is refused', (kinds, configs, message) => {
  modules(kinds, configs);
  expect(() => readSentenceModules(folder)).toThrow(message);
});
