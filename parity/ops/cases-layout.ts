import * as graph from '../../core/graph/index.js';
import type { Shape, Tensor } from '../../core/graph/index.js';
import { sizeOf } from '../../core/graph/index.js';
import { DTYPES, type Draw, type OpCase, type Sample } from './draw.js';

/** A use that moves elements and so takes every dtype; floats are also differentiated. */
function moves(draw: Draw, shape: Shape, apply: (x: Tensor) => Tensor): Sample {
  const dtype = draw.pick(DTYPES);
  return {
    inputs: [draw.any(dtype, shape)],
    build: ([x]) => [apply(x)],
    wrt: dtype === 'float32' ? [0] : [],
  };
}

const reshape: OpCase = {
  op: graph.reshapeOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 4));
    return moves(draw, shape, (x) => graph.reshape(x, [1, ...draw.shuffled(shape), 1]));
  },
};

const expand: OpCase = {
  op: graph.expandOp,
  sample(draw) {
    const shape = draw.shape(draw.int(0, 4));
    return moves(draw, draw.narrower(shape), (x) => graph.expand(x, [2, ...shape]));
  },
};

const transpose: OpCase = {
  op: graph.transposeOp,
  sample(draw) {
    const rank = draw.int(2, 5);
    const order = Array.from({ length: rank }, (_, axis) => axis);
    const perm = draw.shuffled(order);
    const turned = perm.every((axis, i) => axis === i) ? [...order.slice(1), 0] : perm;
    return moves(draw, draw.shape(rank), (x) => graph.transpose(x, turned));
  },
};

const slice: OpCase = {
  op: graph.sliceOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 5)).map((dim) => dim + 1);
    const axis = draw.int(0, shape.length - 1);
    const start = draw.int(0, shape[axis] - 1);
    const end = draw.int(start + 1, start === 0 ? shape[axis] - 1 : shape[axis]);
    const from = draw.pick([axis, axis - shape.length]);
    return moves(draw, shape, (x) => graph.slice(x, from, start, end));
  },
};

const concat: OpCase = {
  op: graph.concatOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 5));
    const axis = draw.int(0, shape.length - 1);
    const dtype = draw.pick(DTYPES);
    const inputs = Array.from({ length: draw.int(2, 4) }, () =>
      draw.any(dtype, shape.with(axis, draw.dim())),
    );
    return {
      inputs,
      build: (parts) => [graph.concat(parts, axis)],
      wrt: dtype === 'float32' ? inputs.map((_, i) => i) : [],
    };
  },
};

const gather: OpCase = {
  op: graph.gatherOp,
  sample(draw) {
    const dtype = draw.pick(DTYPES);
    const table = draw.any(dtype, draw.shape(draw.int(1, 3)));
    const indices = draw.ints(draw.shape(draw.int(0, 2)), 0, table.shape[0] - 1);
    return {
      inputs: [table, indices],
      build: ([x, at]) => [graph.gather(x, at)],
      wrt: dtype === 'float32' ? [0] : [],
    };
  },
};

const scatterAdd: OpCase = {
  op: graph.scatterAddOp,
  sample(draw) {
    const [count, rows] = [draw.dim() + 1, draw.dim()];
    const shape = [count, ...draw.shape(draw.int(0, 2))];
    const floats = draw.int(0, 3) > 0;
    return {
      inputs: [
        draw.ints([count], 0, rows - 1),
        floats ? draw.floats(shape) : draw.ints(shape, -(2 ** 28), 2 ** 28),
      ],
      build: ([at, updates]) => [graph.scatterAdd(at, updates, rows)],
      wrt: floats ? [1] : [],
    };
  },
};

const constant: OpCase = {
  op: graph.constantOp,
  sample(draw) {
    const { dtype, shape, data } = draw.any(draw.pick(DTYPES), draw.shape(draw.int(0, 3)));
    return { inputs: [], build: () => [graph.constant([...data], shape, dtype)], wrt: [] };
  },
  fixed: {
    'values JSON has no word for': () => ({
      inputs: [],
      build: () => [graph.constant([Infinity, -Infinity, -0, 0], [4])],
      wrt: [],
    }),
    'the same constant twice, one of them an output': () => ({
      inputs: [],
      build: () => [graph.scalar(2), graph.mul(graph.scalar(2), graph.scalar(3))],
      wrt: [],
    }),
  },
};

const cast: OpCase = {
  op: graph.castOp,
  sample(draw) {
    const [from, to] = draw.shuffled(DTYPES);
    const shape = draw.shape(draw.int(0, 3));
    // Converting what the target cannot hold is undefined in every library.
    const small = to === 'uint8' || from === 'float32' || to === 'float32';
    const values =
      from === 'int32' && small
        ? draw.ints(shape, to === 'uint8' ? 0 : -200, 200)
        : from === 'float32'
          ? draw.floats(shape, to === 'uint8' ? 0 : -200, 200)
          : draw.any(from, shape);
    if (sizeOf(shape) > 1) values.data[0] = 0;
    return { inputs: [values], build: ([x]) => [graph.cast(x, to)], wrt: [] };
  },
};

export const layoutCases: readonly OpCase[] = [
  reshape,
  expand,
  transpose,
  slice,
  concat,
  gather,
  scatterAdd,
  constant,
  cast,
];
