import { expect, test } from 'vitest';
import type { Backend } from '../../../core/contracts/backend.js';
import { exp, input, log, makeGraph, neg, type Tensor } from '../../../core/graph/index.js';
import type { Batch } from '../../../core/contracts/batch.js';
import { Executables } from '../../../core/runtime/executables.js';
import { Plans } from '../../../core/runtime/plans.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { backendOf, loadCase, parityCase } from '../../../parity/cases.js';

/** Counts what is compiled and released. */
function countingBackend() {
  const counts = { compiled: 0, released: 0 };
  const backend: Backend = {
    compile: async () => {
      counts.compiled++;
      return { run: async () => [], release: async () => void counts.released++ };
    },
    describe: async () => 'counts',
  };
  return { backend, counts };
}

function graphOf(op: (x: Tensor) => Tensor, size: number) {
  const x = input([size]);
  return makeGraph([x], [op(x)]);
}

test('the plan used longest ago is released, but nothing that another plan or the engine uses', async () => {
  const { backend, counts } = countingBackend();
  const executables = new Executables(backend);
  const plans = new Plans<number>(executables);
  await executables.get(graphOf(log, 1));
  const use = (size: number): Promise<number> =>
    plans.get(`${size}`, async (compiler) => {
      // Its own graph, twice; one that all plans share; and the engine's.
      for (const [op, width] of [
        [exp, size],
        [exp, size],
        [neg, 1],
        [log, 1],
      ] as const)
        await compiler.get(graphOf(op, width));
      return size;
    });
  for (let size = 1; size <= 8; size++) expect(await use(size)).toBe(size);
  expect(counts).toEqual({ compiled: 10, released: 0 });
  await use(1);
  await use(9);
  expect(counts).toEqual({ compiled: 11, released: 1 });
  await use(1);
  expect(counts.compiled).toBe(11);
  await use(2);
  expect(counts).toEqual({ compiled: 12, released: 2 });
  await executables.release();
  expect(counts.released).toBe(12);
});

test('a shape that comes back after its plan was released computes the same bits', async () => {
  const { model } = await loadCase(parityCase('llama3'));
  for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
  const engine = new TrainEngine(await backendOf('onnxruntime'), model, { residuals: 'save' });
  const resultOf = async (seq: number) => {
    engine.zeroGradients();
    const { loss } = await engine.accumulate(rowOf(seq), 1 / seq, () => 0.5);
    return { loss, gradients: [...engine.gradients.values()].map((values) => values.slice()) };
  };
  const first = await resultOf(4);
  for (let seq = 5; seq < 16; seq++) await resultOf(seq);
  // Embedding and block, forward and backward, of eight shapes; the head.
  expect(engine.executables.count).toBe(8 * 4 + 1);
  expect(await resultOf(4)).toEqual(first);
  await engine.release();
});

function rowOf(seq: number): Batch {
  const ids = Int32Array.from({ length: seq }, (_, i) => i);
  const samples = [{ start: 0, length: seq }];
  return { batch: 1, seq, input_ids: ids, labels: ids, position_ids: ids, samples };
}
