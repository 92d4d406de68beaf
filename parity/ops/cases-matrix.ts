import * as graph from '../../core/graph/index.js';
import type { Op, Tensor } from '../../core/graph/index.js';
import type { OpCase } from './draw.js';

type Reduce = (x: Tensor, axes: readonly number[], keepDims?: boolean) => Tensor;

function reduction(op: Op, apply: Reduce, integers: boolean): OpCase {
  return {
    op,
    sample(draw) {
      const shape = draw.shape(draw.int(1, 4));
      const axes = draw.axes(shape.length).map((axis) => draw.pick([axis, axis - shape.length]));
      const keepDims = draw.pick([true, false]);
      const whole = integers && draw.int(0, 2) === 0;
      // The maximum has no derivative where two elements tie.
      const values = op === graph.reduceMaxOp ? draw.distinct(shape) : draw.floats(shape);
      return {
        inputs: [whole ? draw.ints(shape, -(2 ** 20), 2 ** 20) : values],
        build: ([x]) => [apply(x, axes, keepDims)],
        wrt: whole ? [] : [0],
      };
    },
  };
}

function lastAxis(op: Op, apply: (x: Tensor) => Tensor): OpCase {
  return {
    op,
    sample: (draw) => ({
      inputs: [draw.floats(draw.shape(draw.int(1, 4)))],
      build: ([x]) => [apply(x)],
      wrt: [0],
    }),
    fixed: {
      'large values': (draw) => ({
        inputs: [draw.floats([2, 5], 500, 510)],
        build: ([x]) => [apply(x)],
        wrt: [],
      }),
      'masked values': (draw) => {
        const x = draw.floats([2, 5]);
        for (const i of [1, 4, 7]) x.data[i] = -1e30;
        return { inputs: [x], build: ([y]) => [apply(y)], wrt: [] };
      },
    },
  };
}

const matmul: OpCase = {
  op: graph.matmulOp,
  sample(draw) {
    const [transA, transB] = [draw.pick([true, false]), draw.pick([true, false])];
    const lead = draw.shape(draw.int(0, 2));
    const [m, k, n] = draw.shape(3);
    return {
      inputs: [
        draw.floats([...lead, ...(transA ? [k, m] : [m, k])]),
        draw.floats([...lead, ...(transB ? [n, k] : [k, n])]),
      ],
      build: ([a, b]) => [graph.matmul(a, b, { transA, transB, alpha: draw.pick([1, 0.5]) })],
      wrt: [0, 1],
    };
  },
  fixed: {
    'one matrix for every row': (draw) => ({
      inputs: [draw.floats([2, 3, 4]), draw.floats([5, 4])],
      build: ([a, b]) => [graph.matmul(a, b, { transB: true })],
      wrt: [0, 1],
    }),
    'sizes past a kernel tile': (draw) => ({
      inputs: [draw.floats([3, 33, 70]), draw.floats([3, 70, 35])],
      build: ([a, b]) => [graph.matmul(a, b)],
      wrt: [0, 1],
    }),
  },
};

const addmm: OpCase = {
  op: graph.addmmOp,
  sample(draw) {
    const [transA, transB] = [draw.pick([true, false]), draw.pick([true, false])];
    const [m, k, n] = draw.shape(3);
    const addend = draw.pick([[m, n], [n], [1, n], [m, 1], []]);
    return {
      inputs: [
        draw.floats(addend),
        draw.floats(transA ? [k, m] : [m, k]),
        draw.floats(transB ? [n, k] : [k, n]),
      ],
      build: ([c, a, b]) => [graph.addmm(c, a, b, { transA, transB, alpha: draw.pick([1, 2]) })],
      wrt: [0, 1, 2],
    };
  },
};

const rmsNorm: OpCase = {
  op: graph.rmsNormOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 3));
    const width = shape.at(-1)!;
    return {
      inputs: [draw.floats(shape), draw.floats([width])],
      build: ([x, weight]) => graph.apply(graph.rmsNormOp, [x, weight], { eps: 0.01 }),
      wrt: [0, 1],
    };
  },
};

const linearCrossEntropy: OpCase = {
  op: graph.linearCrossEntropyOp,
  sample(draw) {
    const [count, width, vocab] = [draw.dim(), draw.dim(), draw.dim() + 1];
    return {
      inputs: [draw.floats([count, width]), draw.floats([vocab, width]), draw.ints([count], 0, vocab - 1)],
      build(inputs) {
        const { loss, correct } = graph.linearCrossEntropy(inputs[0], inputs[1], inputs[2]);
        return [loss, correct];
      },
      wrt: [0, 1],
    };
  },
};

export const matrixCases: readonly OpCase[] = [
  reduction(graph.reduceSumOp, graph.reduceSum, true),
  reduction(graph.reduceMaxOp, graph.reduceMax, true),
  reduction(graph.reduceMeanOp, graph.reduceMean, false),
  lastAxis(graph.softmaxOp, graph.softmax),
  lastAxis(graph.logSumExpOp, graph.logSumExp),
  matmul,
  addmm,
  rmsNorm,
  linearCrossEntropy,
];
