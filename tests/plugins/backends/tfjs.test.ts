import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { HostTensor } from '../../../core/contracts/backend.js';
import * as graph from '../../../core/graph/index.js';
import { TfjsBackend } from '../../../plugins/backends/tfjs/index.js';
import { peersFolder } from '../../extras/peers.js';

const core = createRequire(join(peersFolder, 'x.js'))('@tensorflow/tfjs-core') as {
  memory(): { numTensors: number; numBytes: number };
};

function floats(shape: readonly number[], value = 1): HostTensor {
  return { dtype: 'float32', shape, data: new Float32Array(graph.sizeOf(shape)).fill(value) };
}

function attentionGraph(): { traced: graph.Graph; inputs: HostTensor[] } {
  const shapes = [
    [1, 6, 8],
    [1, 6, 4],
    [1, 6, 4],
    [6, 6],
  ];
  const [q, k, v, mask] = shapes.map((shape) => graph.input(shape));
  const options = { heads: 2, kvHeads: 1, scale: 0.5, causal: true };
  const out = graph.attention(q, k, v, mask, options);
  const gradients = graph.vjp([out], [out], [q, k, v]);
  return {
    traced: graph.makeGraph([q, k, v, mask], [out, ...gradients]),
    inputs: shapes.map((shape) => floats(shape)),
  };
}

/** A folder with packages that pretend to be tfjs-node, in which plain kernels stand in for native ones. */
function pretend(packages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  for (const [name, source] of Object.entries(packages)) {
    const at = join(folder, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(at, 'index.js'), source);
  }
  return folder;
}

const NATIVE = `
  const tf = require(${JSON.stringify(join(peersFolder, 'node_modules/@tensorflow/tfjs-core'))});
  const { MathBackendCPU } = require(${JSON.stringify(join(peersFolder, 'node_modules/@tensorflow/tfjs-backend-cpu'))});
  if (require('util').isNullOrUndefined(null) !== true) throw new Error('no shim');
  tf.registerBackend('tensorflow', () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', 'tensorflow');
  module.exports = tf;
`;

beforeEach(() => {
  process.env.SWIFT_PEERS = peersFolder;
  delete process.env.SWIFT_TFJS;
});

describe('which library is taken', () => {
  test('wasm, when no native package is installed, and why', async () => {
    const described = await new TfjsBackend().describe();
    expect(described).toMatch(/^tfjs 4\.\d+\.\d+: wasm, WebAssembly/);
    expect(described).toContain('@tensorflow/tfjs-node-gpu is not installed');
    expect(described).toContain('@tensorflow/tfjs-node is not installed');
  });

  test('the one that SWIFT_TFJS names', async () => {
    process.env.SWIFT_TFJS = 'cpu';
    expect(await new TfjsBackend().describe()).toMatch(/: cpu, plain JavaScript kernels$/);
  });

  test('a native package before wasm, and it computes', async () => {
    process.env.SWIFT_PEERS = pretend({ '@tensorflow/tfjs-node': NATIVE });
    const backend = new TfjsBackend();
    expect(await backend.describe()).toMatch(
      /: tfjs-node, native CPU kernels; @tensorflow\/tfjs-node-gpu is not installed$/,
    );
    const x = graph.input([2]);
    const executable = await backend.compile(graph.makeGraph([x], [graph.add(x, x)]));
    expect((await executable.run([floats([2], 3)]))[0].data).toEqual(Float32Array.of(6, 6));
  });

  test('a GPU package that finds no GPU says so', async () => {
    process.env.SWIFT_PEERS = pretend({ '@tensorflow/tfjs-node-gpu': NATIVE });
    expect(await new TfjsBackend().describe()).toContain('finds no GPU');
  });

  test('a native package that does not load is passed over with its reason', async () => {
    const broken = { '@tensorflow/tfjs-node': `throw new Error('libtensorflow.so.2: cannot open\\nat …')` };
    process.env.SWIFT_PEERS = pretend(broken);
    process.env.SWIFT_TFJS = 'node';
    await expect(new TfjsBackend().describe()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: 'backend tfjs: @tensorflow/tfjs-node does not load: libtensorflow.so.2: cannot open',
    });
  });

  test.each(['node', 'node-gpu'])(
    'SWIFT_TFJS=%s without its package names what to install',
    async (variant) => {
      process.env.SWIFT_TFJS = variant;
      await expect(new TfjsBackend().describe()).rejects.toMatchObject({
        code: 'BACKEND_UNAVAILABLE',
        message: `backend tfjs: @tensorflow/tfjs-${variant} is not installed`,
        cure: [`Install it: npm install @tensorflow/tfjs-${variant}.`],
      });
    },
  );

  test('without any package, all are named', async () => {
    delete process.env.SWIFT_PEERS;
    await expect(new TfjsBackend().describe()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('@tensorflow/tfjs-backend-cpu is not installed') as string,
      cure: [expect.stringContaining('npm install @tensorflow/tfjs-core') as string],
    });
  });

  test('an unknown SWIFT_TFJS', async () => {
    process.env.SWIFT_TFJS = 'webgl';
    await expect(new TfjsBackend().describe()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: 'SWIFT_TFJS=webgl is none of node-gpu, node, wasm, cpu',
    });
  });
});

describe.each(['wasm', 'cpu'])('%s', (variant) => {
  async function start(): Promise<TfjsBackend> {
    process.env.SWIFT_TFJS = variant;
    const backend = new TfjsBackend();
    await backend.describe();
    return backend;
  }

  test('200 runs leave no tensor behind', async () => {
    const { traced, inputs } = attentionGraph();
    const executable = await (await start()).compile(traced);
    await executable.run(inputs);
    const before = core.memory();
    for (let i = 0; i < 200; i++) await executable.run(inputs);
    expect(core.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test('a run that fails leaves none either', async () => {
    const [x, at] = [graph.input([4, 2]), graph.input([1], 'int32')];
    const executable = await (
      await start()
    ).compile(graph.makeGraph([x, at], [graph.gather(graph.neg(x), at)]));
    const before = core.memory().numTensors;
    const outside: HostTensor = { dtype: 'int32', shape: [1], data: Int32Array.of(9) };
    await expect(executable.run([floats([4, 2]), outside])).rejects.toThrow('9');
    expect(core.memory().numTensors).toBe(before);
  });

  test('an input of the wrong size is refused', async () => {
    const x = graph.input([2, 2]);
    const executable = await (await start()).compile(graph.makeGraph([x], [graph.neg(x)]));
    await expect(executable.run([floats([3])])).rejects.toThrow(
      'input 0 has 3 elements, the graph wants float32[2, 2]',
    );
  });

  test('outputs do not share memory with inputs', async () => {
    const x = graph.input([2, 2]);
    const outputs = [x, graph.reshape(x, [4]), graph.neg(x), x];
    const executable = await (await start()).compile(graph.makeGraph([x], outputs));
    const given = floats([2, 2], 5);
    const results = await executable.run([given]);
    given.data.fill(0);
    expect(results.map(({ data }) => data[0])).toEqual([5, 5, -5, 5]);
  });

  test('indices beyond float32 stay exact', async () => {
    const [table, at] = [graph.input([4], 'int32'), graph.input([2], 'int32')];
    const picked = graph.gather(table, at);
    const executable = await (
      await start()
    ).compile(graph.makeGraph([table, at], [graph.add(picked, graph.constant([1], [1], 'int32'))]));
    const values = Int32Array.of(2 ** 24 + 1, 7, 2 ** 30 + 3, 0);
    const [result] = await executable.run([
      { dtype: 'int32', shape: [4], data: values },
      { dtype: 'int32', shape: [2], data: Int32Array.of(2, 0) },
    ]);
    expect([...result.data]).toEqual([2 ** 30 + 4, 2 ** 24 + 2]);
  });

  test('it does not write to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const { traced, inputs } = attentionGraph();
    await (await (await start()).compile(traced)).run(inputs);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

test('two variants take turns in one process', async () => {
  const x = graph.input([3]);
  const traced = graph.makeGraph([x], [graph.exp(x)]);
  process.env.SWIFT_TFJS = 'wasm';
  const wasm = await new TfjsBackend().compile(traced);
  process.env.SWIFT_TFJS = 'cpu';
  const cpu = await new TfjsBackend().compile(traced);
  const runs = await Promise.all([wasm, cpu, wasm, cpu].map((one) => one.run([floats([3])])));
  for (const [{ data }] of runs) expect(data[2]).toBeCloseTo(Math.E, 5);
});
