import { describe, expect, test } from 'vitest';
import * as graph from '../../../core/graph/index.js';
import { input } from '../../../core/graph/index.js';
import { opNames, valuesOf } from './run.js';

describe('vjp', () => {
  test('cotangents of a tensor used more than once add up', async () => {
    const [x, dy] = [input([2]), input([2])];
    const y = graph.add(graph.mul(x, x), graph.mul(x, graph.scalar(3)));
    const gradients = graph.vjp([y], [dy], [x]);
    const given = new Map([
      [x, [2, -1]],
      [dy, [1, 10]],
    ]);
    expect(await valuesOf(gradients, given)).toEqual([[7, 10]]);
  });

  test('nothing flows through a tensor that is detached', async () => {
    const [x, dy] = [input([2]), input([2])];
    const y = graph.mul(x, graph.detach(graph.mul(x, x)));
    const given = new Map([
      [x, [3, -2]],
      [dy, [1, 10]],
    ]);
    expect(await valuesOf(graph.vjp([y], [dy], [x]), given)).toEqual([[9, 40]]);
    expect(await valuesOf([y], given)).toEqual([[27, -8]]);
  });

  test('an output listed twice counts twice', async () => {
    const [x, dy] = [input([1]), input([1])];
    const y = graph.neg(x);
    const gradients = graph.vjp([y, y], [dy, dy], [x]);
    expect(await valuesOf(gradients, new Map([[dy, [5]]]))).toEqual([[-10]]);
  });

  test('a tensor that no output depends on gets zeros of its shape', async () => {
    const [x, stray, dy] = [input([2]), input([3, 1]), input([2])];
    const gradients = graph.vjp([graph.exp(x)], [dy], [stray]);
    expect(gradients[0].shape).toEqual([3, 1]);
    expect(await valuesOf(gradients, new Map())).toEqual([[0, 0, 0]]);
  });

  test('an output that is the input passes its cotangent through', () => {
    const [x, dy] = [input([2]), input([2])];
    expect(graph.vjp([x], [dy], [x])).toEqual([dy]);
  });

  test('intermediate tensors can be differentiated by, each as if the other were given', async () => {
    const [x, dy] = [input([1]), input([1])];
    const middle = graph.mul(x, x);
    const y = graph.mul(middle, middle);
    const given = new Map([
      [x, [3]],
      [dy, [1]],
    ]);
    expect(await valuesOf(graph.vjp([y], [dy], [middle, x]), given)).toEqual([[18], [108]]);
  });

  test('only what leads to the wanted tensors is differentiated', () => {
    const [x, frozen, dy] = [input([2, 2]), input([2, 2]), input([2, 2])];
    const [gradient] = graph.vjp([graph.matmul(x, frozen)], [dy], [x]);
    expect(opNames(graph.makeGraph([frozen, dy], [gradient]).nodes)).toEqual(['matmul']);
  });

  test('ties of a maximum share its cotangent', async () => {
    const [x, dy] = [input([4]), input([])];
    const gradients = graph.vjp([graph.reduceMax(x, [0])], [dy], [x]);
    const given = new Map([
      [x, [3, 1, 3, 2]],
      [dy, [4]],
    ]);
    expect(await valuesOf(gradients, given)).toEqual([[2, 0, 2, 0]]);
  });

  test('an op without a derivative is named, but only when it is on the way', async () => {
    const [x, dy] = [input([2]), input([2])];
    const rounded = graph.cast(graph.cast(x, 'int32'), 'float32');
    expect(() => graph.vjp([rounded], [dy], [x])).toThrow('cast is not differentiable');
    const masked = graph.where(graph.greaterEqual(x, graph.scalar(0)), x, graph.neg(x));
    const given = new Map([
      [x, [-2, 5]],
      [dy, [1, 1]],
    ]);
    expect(await valuesOf(graph.vjp([masked], [dy], [x]), given)).toEqual([[-1, 1]]);
  });

  test('a cotangent of another shape is refused', () => {
    const x = input([2]);
    expect(() => graph.vjp([graph.exp(x)], [input([3])], [x])).toThrow(
      'vjp of exp output float32[2] received a cotangent float32[3]',
    );
  });

  test('outputs that carry no derivative contribute none', async () => {
    const [hidden, weight, dy] = [input([1, 2]), input([3, 2]), input([1])];
    const labels = graph.constant([0], [1], 'int32');
    const { correct } = graph.linearCrossEntropy(hidden, weight, labels);
    const gradients = graph.vjp([correct], [dy], [hidden]);
    expect(await valuesOf(gradients, new Map())).toEqual([[0, 0]]);
    const [, inverse] = graph.apply(graph.rmsNormOp, [hidden, input([2])], { eps: 1e-5 });
    expect(() => graph.vjp([inverse], [input([1, 1])], [hidden])).toThrow('rmsNorm');
  });

  test('deep graphs do not overflow the stack', () => {
    const x = input([1]);
    let y = x;
    for (let i = 0; i < 20_000; i++) y = graph.neg(y);
    const [gradient] = graph.vjp([y], [input([1])], [x]);
    expect(graph.topologicalOrder([gradient])).toHaveLength(20_001);
  });
});
