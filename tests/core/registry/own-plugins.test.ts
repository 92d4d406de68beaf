import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parametersOf } from '../../../core/cli/model-size.js';
import { services as composed } from '../../../core/sdk/default-services.js';
import { buildManifest, pluginFiles } from '../../../core/registry/build.js';
import { Catalog } from '../../../core/registry/catalog.js';
import { KINDS, PLUGIN_KINDS } from '../../../core/registry/kinds.js';
import { whyNotBuilt } from '../../../core/registry/not-built.js';
import { ownSource } from '../../../core/registry/manifest.js';
import { provenArchitectures } from '../../../parity/cases.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

// First: it sees each module register.
test('registry.json is what the decorators say', async () => {
  const files = pluginFiles(`${root}plugins`);
  const fresh = await buildManifest({ root, files, keepExtension: false, proven: provenArchitectures() });
  expect(fresh).toBe(readFileSync(`${root}registry.json`, 'utf8'));
});

const catalog = new Catalog([ownSource()]);
const { plugins } = composed();

test('there are hundreds', () => {
  expect(PLUGIN_KINDS.reduce((count, kind) => count + catalog.list(kind).length, 0)).toBeGreaterThan(300);
});

describe.each(PLUGIN_KINDS.filter((kind) => catalog.list(kind).length > 0))('every %s', (kind) => {
  test('resolves and implements its contract', async () => {
    for (const { id, summary, class: name } of catalog.list(kind)) {
      const { instance, meta } = await plugins.resolve(kind, id);
      expect(instance.constructor.name, id).toBe(name);
      expect(summary.length, id).toBeGreaterThan(0);
      const own = 'also' in meta ? meta.also?.[id] : undefined;
      expect(own ?? meta.summary, id).toBe(summary);
      for (const member of KINDS[kind].members)
        expect((instance as unknown as Record<string, unknown>)[member], `${id}.${member}`).toBeDefined();
    }
  });
});

test('every id whose files are named as quantized says so', () => {
  const formats = /awq|gptq|int4|int8|fp8|bnb|aqlm|nvfp4|mxfp4|hqq|eetq|[248]bit/i;
  const silent = catalog
    .list('model')
    .filter(({ id, hf = '', ms = '', codec }) => codec === undefined && formats.test(`${id} ${hf} ${ms}`));
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test.each(PLUGIN_KINDS)('no %s that is here is said to be missing', (kind) => {
  expect(catalog.list(kind).filter(({ id }) => whyNotBuilt(kind, id) !== undefined)).toEqual([]);
});

test('every template that a model names exists', () => {
  for (const { id, template } of catalog.list('model')) {
    expect([id, catalog.has('template', template!)]).toEqual([id, true]);
  }
});

test('every architecture is served by a model', () => {
  for (const name of catalog.knownArchitectures) {
    expect(catalog.has('model', catalog.modelForArchitecture(name)!)).toBe(true);
  }
});

test('every family says which architectures it serves, itself or with another', () => {
  const silent = catalog.list('model').filter((model) => catalog.family(model).architectures.length === 0);
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test('every stated size is a number of parameters', () => {
  for (const { id, size } of catalog.list('model')) {
    if (size !== undefined) expect([id, parametersOf(size)]).toEqual([id, expect.any(Number)]);
  }
});
