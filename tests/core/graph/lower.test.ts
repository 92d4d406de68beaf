import { describe, expect, test } from 'vitest';
import * as graph from '../../../core/graph/index.js';
import { input, lower, makeGraph, structuralKey, UnsupportedOp } from '../../../core/graph/index.js';
import { substitute } from '../../../core/graph/substitute.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { block, BLOCK_SHAPES } from './block.js';
import { floats, opNames, run, valuesOf } from './run.js';

const everything = () => true;

describe('makeGraph', () => {
  test('lists nodes after what they read, and no dead ones', () => {
    const x = input([2]);
    const y = graph.exp(x);
    graph.log(y);
    const traced = makeGraph([x], [graph.add(y, graph.neg(y))]);
    expect(opNames(traced.nodes)).toEqual(['exp', 'neg', 'add']);
  });

  test('an input that is not listed is an error', () => {
    const [x, y] = [input([2]), input([3], 'int32')];
    expect(() => makeGraph([x], [x, y])).toThrow('not listed: {"shape":[3],"dtype":"int32"}');
  });

  test('an input listed twice, or one that is computed, is an error', () => {
    const x = input([2]);
    expect(() => makeGraph([x, x], [graph.neg(x)])).toThrow('input 1 is listed before');
    const y = graph.neg(x);
    expect(() => makeGraph([y], [graph.exp(y)])).toThrow("input 0 is an output of 'neg'");
  });
});

describe('lower', () => {
  test('merges equal subexpressions, across decompositions too', () => {
    const x = input([2, 4]);
    const gate = graph.silu(x);
    const traced = makeGraph([x], [graph.mul(gate, graph.sigmoid(x)), graph.silu(x), graph.sigmoid(x)]);
    const lowered = lower(traced, ({ op }) => op.name !== 'silu');
    expect(opNames(lowered.nodes)).toEqual(['sigmoid', 'mul', 'mul']);
    expect(lowered.outputs[2].node.op.name).toBe('sigmoid');
    expect(lowered.inputs).toEqual([x]);
  });

  test('does not merge what differs in attributes, operand order or constants', async () => {
    const x = input([1]);
    const different = [
      graph.constant([Infinity], [1]),
      graph.constant([-Infinity], [1]),
      graph.constant([0], [1]),
      graph.constant([-0], [1]),
      graph.sub(x, graph.scalar(1)),
      graph.sub(graph.scalar(1), x),
    ];
    const traced = makeGraph([x], different);
    expect(new Set(lower(traced, everything).outputs)).toHaveProperty('size', different.length);
    const wanted = [[Infinity], [-Infinity], [0], [-0], [4], [-4]];
    expect(await valuesOf(different, new Map([[x, [5]]]))).toEqual(wanted);
    const native = await run(traced, [floats([1], [5])], new OnnxRuntimeBackend());
    expect(native.map(({ data }) => [...data])).toEqual(wanted);
  });

  test('decomposes what the backend lacks, down to what it has', () => {
    const tensors = BLOCK_SHAPES.map((shape) => input(shape));
    const lowered = lower(makeGraph(tensors, [block(tensors)]), ({ op }) => !op.decompose);
    expect(lowered.nodes.filter(({ op }) => op.decompose)).toEqual([]);
    expect(lowered.outputs[0].shape).toEqual(BLOCK_SHAPES[0]);
  });

  test('keeps what the backend has, decomposable or not', () => {
    const tensors = BLOCK_SHAPES.map((shape) => input(shape));
    const traced = makeGraph(tensors, [block(tensors)]);
    const dear = (nodes: readonly graph.Node[]) => opNames(nodes.filter(({ op }) => op.decompose));
    expect(dear(lower(traced, everything).nodes)).toEqual(dear(traced.nodes));
  });

  test('a missing primitive is an UnsupportedOp that names it', () => {
    const x = input([2]);
    const traced = makeGraph([x], [graph.silu(x)]);
    const attempt = () => lower(traced, ({ op }) => op.name === 'mul');
    expect(attempt).toThrow(UnsupportedOp);
    expect(attempt).toThrow("'sigmoid'");
  });

  test('an output that is an input, a constant, or listed twice', async () => {
    const x = input([2]);
    const y = graph.neg(x);
    const traced = makeGraph([x], [x, y, y, graph.constant([1, 2], [2])]);
    for (const backend of [undefined, new OnnxRuntimeBackend()]) {
      const results = await run(traced, [floats([2], [3, 4])], backend);
      expect(results.map(({ data }) => [...data])).toEqual([
        [3, 4],
        [-3, -4],
        [-3, -4],
        [1, 2],
      ]);
    }
  });
});

describe('structuralKey', () => {
  const trace = (change: (tensors: graph.Tensor[]) => graph.Tensor = block) => {
    const tensors = BLOCK_SHAPES.map((shape) => input(shape));
    return structuralKey(makeGraph(tensors, [change(tensors)]));
  };

  test('is equal for equal layers', () => {
    expect(trace()).toBe(trace());
  });

  test('differs by attribute, wiring, shape, dtype and output', () => {
    const [a, b] = [() => input([2, 2]), () => input([2, 2])];
    const key = (build: (x: graph.Tensor, y: graph.Tensor) => graph.Tensor[], x = a(), y = b()) =>
      structuralKey(makeGraph([x, y], build(x, y)));
    const keys = [
      key((x, y) => [graph.matmul(x, y)]),
      key((x, y) => [graph.matmul(x, y, { transB: true })]),
      key((x, y) => [graph.matmul(y, x)]),
      key((x) => [graph.matmul(x, x)]),
      key((x, y) => [graph.add(x, y)]),
      key((x, y) => [graph.add(x, y)], input([2, 1])),
      key((x, y) => [graph.add(x, y)], input([2, 2], 'int32'), input([2, 2], 'int32')),
      key((x, y) => [graph.add(x, y), x]),
      key((x, y) => [x, graph.add(x, y)]),
      key((x) => [graph.apply(graph.rmsNormOp, [x, graph.constant([1, 1], [2])], { eps: 1 })[0]]),
      key((x) => [graph.apply(graph.rmsNormOp, [x, graph.constant([1, 1], [2])], { eps: 1 })[1]]),
      key((x) => [graph.mul(x, graph.scalar(0))]),
      key((x) => [graph.mul(x, graph.scalar(-0))]),
      key((x) => [graph.mul(x, graph.scalar(Infinity))]),
      key((x) => [graph.mul(x, graph.scalar(NaN))]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('substitute', () => {
  test('exchanges tensors and shares what they do not touch', async () => {
    const [x, y, other] = [input([1]), input([1]), input([1])];
    const untouched = graph.exp(y);
    const touched = graph.mul(graph.neg(x), untouched);
    const [rebuilt, same] = substitute([touched, untouched], new Map([[x, other]]));
    expect(same).toBe(untouched);
    expect(rebuilt.node.inputs[1]).toBe(untouched);
    const given = new Map([
      [other, [2]],
      [y, [0]],
    ]);
    expect(await valuesOf([rebuilt], given)).toEqual([[-2]]);
  });

  test('exchanges an output itself, and one output of several', () => {
    const [x, weight, stand] = [input([2, 3]), input([3]), input([2, 3])];
    const [normalized, inverse] = graph.apply(graph.rmsNormOp, [x, weight], { eps: 1 });
    const [first, second, sum] = substitute(
      [normalized, inverse, graph.mul(normalized, inverse)],
      new Map([[normalized, stand]]),
    );
    expect([first, second]).toEqual([stand, inverse]);
    expect(sum.node.inputs).toEqual([stand, inverse]);
  });
});
