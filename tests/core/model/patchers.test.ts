import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createServices } from '../../../core/sdk/services.js';
import { loadModel } from '../../../core/model/load-model.js';

const TINY = fileURLToPath(new URL('../../../assets/models/swift-tiny', import.meta.url));

/** A package with two patchers: one knows the model, the other does not. */
function patcherPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'swift-patcher-'));
  const door = new URL('../../../core/plugin.ts', import.meta.url).href;
  const entry = (name: string) => ({ module: 'patchers.js', class: name, summary: name });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'registry.json'),
    JSON.stringify({
      version: 1,
      plugins: { patcher: { halving: entry('Halving'), sleeping: entry('Sleeping') } },
      architectures: {},
    }),
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'swift-patchers', type: 'module', swift: { registry: './registry.json' } }),
  );
  writeFileSync(
    join(folder, 'patchers.js'),
    `import { patcher } from ${JSON.stringify(door)};
     class Halving {
       applies(config) { return config.model_type === 'llama'; }
       patch(model) { for (const [name, p] of model.namedParameters()) if (name === 'model.norm.weight') p.data = p.data.map((x) => x / 2); }
     }
     class Sleeping { applies() { return false; } patch() { throw new Error('not for this model'); } }
     patcher({ id: 'halving', summary: '' })(Halving);
     patcher({ id: 'sleeping', summary: '' })(Sleeping);`,
  );
  return folder;
}

test('patchers that know a config mend the loaded model, and the run says so', async () => {
  const normOf = async (plugins: readonly string[]): Promise<{ norm: Float32Array; said: string[] }> => {
    const said: string[] = [];
    const log = { info: (line: string) => void said.push(line), warn: () => undefined };
    const services = createServices({ use_hf: true, backend: 'onnxruntime', plugins, log });
    const { model } = await loadModel({ model_id_or_path: TINY, use_hf: true }, services);
    const [, parameter] = [...model.namedParameters()].find(([name]) => name === 'model.norm.weight')!;
    return { norm: parameter.data!, said };
  };
  const plain = await normOf([]);
  const patched = await normOf([patcherPackage()]);
  expect([...patched.norm]).toEqual([...plain.norm.map((x) => x / 2)]);
  expect(patched.said.filter((line) => line.startsWith('model:'))).toEqual(['model: patched by halving']);
});
