import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildManifest } from '../../../core/registry/build.js';
import type { Manifest } from '../../../core/registry/manifest.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const root = temporaryFolder();
const collector = new URL('../../../core/registry/collector.ts', import.meta.url).href;

/** Writes model families as a package of their own, and its manifest. */
async function manifestOf(name: string, families: readonly object[], proven?: readonly string[]) {
  const folder = join(root, name);
  mkdirSync(folder);
  const files = families.map((meta, i) => {
    const path = join(folder, `${i}.ts`);
    const shown = { summary: 's', template: 't', lora_target_modules: [], ...meta };
    writeFileSync(
      path,
      `import { model } from '${collector}'; model(${JSON.stringify(shown)})(class Family${i} { build() {} });`,
    );
    return path;
  });
  const text = await buildManifest({ root: folder, files, keepExtension: false, proven });
  return JSON.parse(text) as Manifest;
}

test('families, their architectures and model types, and what is proven', async () => {
  const manifest = await manifestOf(
    'sound',
    [
      {
        family: 'own',
        architectures: ['OwnForCausalLM'],
        model_types: ['own'],
        variants: { 'build-1b': { hf: 'a/b', size: '1B' } },
      },
      {
        family: 'kin',
        architectures: [],
        same_architecture_as: 'own',
        media: ['audio'],
        variants: { 'build-kin': {} },
      },
    ],
    ['OwnForCausalLM', 'AnotherForCausalLM'],
  );
  expect(manifest.plugins.model!['build-1b']).toEqual({
    module: '0',
    class: 'Family0',
    summary: 's',
    family: 'own',
    hf: 'a/b',
    size: '1B',
    template: 't',
  });
  expect(manifest).toMatchObject({
    architectures: { OwnForCausalLM: 'build-1b' },
    model_types: { own: 'build-1b' },
    families: {
      own: { architectures: ['OwnForCausalLM'] },
      kin: { architectures: ['OwnForCausalLM'], media: ['audio'] },
    },
    proven: ['AnotherForCausalLM', 'OwnForCausalLM'],
  });
});

test.each(['architectures', 'model_types'])('two families of one value of %s are named', async (field) => {
  const twins = ['first', 'second'].map((family) => ({
    family,
    architectures: [],
    [field]: ['Twice'],
    variants: { [`build-${field}-${family}`]: {} },
  }));
  await expect(manifestOf(`twice-${field}`, twins)).rejects.toMatchObject({
    code: 'DUPLICATE_PLUGIN',
    message: expect.stringMatching(`'first' and 'second' both serve 'Twice' \\(${field}`),
    cure: [expect.stringContaining("same_architecture_as: 'first'")],
  });
});

test('kin of a family that is not there', async () => {
  const family = {
    family: 'kin',
    architectures: [],
    same_architecture_as: 'knn',
    variants: { 'build-lone': {} },
  };
  await expect(manifestOf('lone', [family])).rejects.toMatchObject({
    code: 'BAD_PLUGIN',
    cure: expect.arrayContaining(["Did you mean 'kin'?"]),
  });
});
