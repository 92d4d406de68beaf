import { describe, expect, test } from 'vitest';
import type { Backend, HostTensor } from '../../../core/contracts/backend.js';
import * as graph from '../../../core/graph/index.js';
import { input, makeGraph, partition, type Partition } from '../../../core/graph/index.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { ReferenceBackend } from '../../../plugins/backends/reference/index.js';
import { startTfjs } from '../../../parity/ops/tfjs.js';
import { block, BLOCK_SHAPES } from './block.js';
import { floats, opNames, run } from './run.js';

const backends: readonly (readonly [string, Backend])[] = [
  ['reference', new ReferenceBackend()],
  ['onnxruntime', new OnnxRuntimeBackend()],
  ['tfjs', await startTfjs('wasm')],
];

async function runParts(
  { forward, backward, residuals, backwardInputs }: Partition,
  inputs: readonly HostTensor[],
  cotangent: HostTensor,
  backend: Backend,
): Promise<HostTensor[]> {
  const outputs = await run(forward, inputs, backend);
  const count = outputs.length - residuals.length;
  const given = [cotangent, ...outputs.slice(count), ...backwardInputs.map((i) => inputs[i])];
  return [...outputs.slice(0, count), ...(await run(backward, given, backend))];
}

describe.each(backends)('%s', (_, backend) => {
  test('saving, recomputing and the joint graph give the same bits', async () => {
    const tensors = BLOCK_SHAPES.map((shape) => input(shape));
    const out = block(tensors);
    const wrt = tensors.slice(0, -1);
    const inputs = BLOCK_SHAPES.map((shape) => floats(shape));
    const cotangent = floats(out.shape);
    const dy = input(out.shape);
    const joint = makeGraph([...tensors, dy], [out, ...graph.vjp([out], [dy], wrt)]);
    const whole = await run(joint, [...inputs, cotangent], backend);
    for (const policy of ['save', 'recompute'] as const) {
      const parts = partition(tensors, [out], wrt, policy);
      const results = await runParts(parts, inputs, cotangent, backend);
      expect(results.map(({ data }) => data)).toEqual(whole.map(({ data }) => data));
    }
  });
});

describe('residuals', () => {
  const tensors = BLOCK_SHAPES.map((shape) => input(shape));
  const out = block(tensors);

  test('save keeps outputs of dear ops only', () => {
    const { residuals, forward } = partition(tensors, [out], tensors.slice(0, 1), 'save');
    expect(new Set(residuals.map(({ node }) => node.op.residual))).toEqual(new Set(['save']));
    expect(forward.outputs).toEqual([out, ...residuals]);
    expect(new Set(opNames(residuals.map(({ node }) => node)))).toEqual(new Set(['matmul', 'attention']));
  });

  test('save recomputes no dear op in backward', () => {
    const { backward } = partition(tensors, [out], tensors.slice(0, 1), 'save');
    expect(opNames(backward.nodes)).not.toContain('attention');
    // What is left are the products of the derivative itself: no product of forward is among them.
    const forwardProducts = 5;
    const { backward: whole } = partition(tensors, [out], tensors.slice(0, 1), 'recompute');
    const products = (nodes: readonly graph.Node[]) =>
      opNames(nodes).filter((name) => name === 'matmul').length;
    expect(products(whole.nodes) - products(backward.nodes)).toBe(forwardProducts - 1);
  });

  test('recompute keeps nothing', () => {
    const { residuals, forward, backwardInputs } = partition(tensors, [out], [tensors[0]], 'recompute');
    expect(residuals).toEqual([]);
    expect(forward.outputs).toEqual([out]);
    expect(backwardInputs).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('backward reads no input that it does not need', () => {
    const [x, w] = [input([2, 3]), input([3, 4])];
    const { backward, backwardInputs } = partition([x, w], [graph.matmul(x, w)], [x], 'save');
    expect(backwardInputs).toEqual([1]);
    expect(backward.inputs.map(({ shape }) => shape)).toEqual([
      [2, 4],
      [3, 4],
    ]);
  });

  test('outputs that are inputs', async () => {
    const [x, y] = [input([2]), input([2])];
    const parts = partition([x, y], [x, graph.mul(x, y)], [x], 'save');
    const [a, b] = [floats([2], [1, 2]), floats([2], [3, 4])];
    expect((await run(parts.forward, [a, b])).map(({ data }) => [...data])).toEqual([
      [1, 2],
      [3, 8],
    ]);
    const cotangents = [floats([2], [10, 20]), floats([2], [1, 1])];
    expect(parts.backwardInputs).toEqual([1]);
    const [gradient] = await run(parts.backward, [...cotangents, b]);
    expect([...gradient.data]).toEqual([13, 24]);
  });

  test('a gradient that is a cotangent', async () => {
    const [x, y] = [input([2]), input([2])];
    const { backward, backwardInputs } = partition([x, y], [graph.add(x, y)], [x, y], 'save');
    expect([backward.nodes, backwardInputs]).toEqual([[], []]);
    const results = await run(backward, [floats([2], [7, 8])]);
    expect(results.map(({ data }) => [...data])).toEqual([
      [7, 8],
      [7, 8],
    ]);
  });
});
