import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CausalLM } from '../../../core/nn/index.js';
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

describe('--rope_scaling', () => {
  const load = async (told: object) => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const log = { info: say, warn: say };
    const services = createServices({ use_hf: true, backend: 'onnxruntime', plugins: [], log });
    return { ...(await loadModel({ model_id_or_path: TINY, use_hf: true, ...told }, services)), said };
  };
  const { max_position_embeddings: POSITIONS } = JSON.parse(
    readFileSync(join(TINY, 'config.json'), 'utf8'),
  ) as { max_position_embeddings: number };
  const table = ({ model }: { model: CausalLM }): number[] => [...model.rope(0, 8, 8).cos];

  test('linear turns positions as many times slower, and reaches as many times further', async () => {
    const [plain, linear] = [
      await load({}),
      await load({ rope_scaling: 'linear', max_model_len: 2 * POSITIONS }),
    ];
    const width = table(plain).length / 8;
    for (const position of [0, 1, 2, 3]) {
      const at = (values: number[], row: number) => values.slice(row * width, (row + 1) * width);
      at(table(linear), 2 * position).forEach((value, i) =>
        expect(value).toBeCloseTo(at(table(plain), position)[i], 6),
      );
    }
    expect(linear.model.shape.max_position_embeddings).toBe(2 * POSITIONS);
    expect(linear.said).toContain('model: patched by rope-scaling');
  });

  test('what is written loads as it is, without being told', async () => {
    for (const rope_scaling of ['linear', 'dynamic', 'yarn']) {
      const { origin, config } = await load({ rope_scaling, max_model_len: 3 * POSITIONS });
      const written = JSON.parse(origin.configText!) as { rope_scaling: object };
      expect(written).toEqual(config);
      expect(written.rope_scaling).toMatchObject({ rope_type: rope_scaling, factor: 3 });
    }
  });

  test('dynamic changes nothing within the positions that the model has', async () => {
    const dynamic = await load({ rope_scaling: 'dynamic', max_model_len: 4 * POSITIONS });
    expect(table(dynamic)).toEqual(table(await load({})));
    const far = dynamic.model.rope(0, 8, 4 * POSITIONS).cos;
    expect([...far]).not.toEqual(table(dynamic));
  });

  test('positions that are there already are left alone', async () => {
    const { config, said } = await load({ rope_scaling: 'yarn', max_model_len: POSITIONS });
    expect(config.rope_scaling ?? null).toBeNull();
    expect(said.filter((line) => line.includes('patched'))).toEqual([]);
    expect(said).toContain(
      `--rope_scaling yarn --max_model_len ${POSITIONS} has no effect: the model has ${POSITIONS} positions`,
    );
  });

  test.each([
    [{ rope_scaling: 'linear' }, /to how many positions/],
    [{ max_model_len: 9999 }, /nothing says how positions are stretched/],
    [{ rope_scaling: 'ntk', max_model_len: 9999 }, /rope_scaling/],
  ])('%j is refused', async (told, message) => {
    await expect(load(told)).rejects.toThrow(message);
  });
});
