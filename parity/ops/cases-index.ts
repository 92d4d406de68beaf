import * as graph from '../../core/graph/index.js';
import { DTYPES, type Draw, type OpCase, type Sample } from './draw.js';

function topK(draw: Draw, shape: readonly number[], k: number, ties: boolean): Sample {
  const largest = draw.pick([true, false]);
  return {
    inputs: [
      ties
        ? draw.pick([draw.ints(shape, -2, 2), asFloats(draw.ints(shape, -2, 2).data, shape)])
        : draw.distinct(shape),
    ],
    build([x]) {
      const { values, indices } = graph.topK(x, k, { largest });
      return [values, indices];
    },
    wrt: ties ? [] : [0],
  };
}

function asFloats(values: ArrayLike<number>, shape: readonly number[]) {
  return { dtype: 'float32' as const, shape, data: Float32Array.from(values) };
}

const topKCase: OpCase = {
  op: graph.topKOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 3));
    return topK(draw, shape, draw.int(1, shape.at(-1)!), draw.pick([true, false]));
  },
  fixed: {
    'the router of a mixture of experts': (draw) => topK(draw, [5, 60], 4, false),
    'a whole row in order, with ties': (draw) => topK(draw, [3, 40], 40, true),
    'sorting ascending': (draw) => ({
      inputs: [draw.distinct([2, 7])],
      build([x]) {
        const { values, indices } = graph.sort(x);
        return [values, indices, graph.argsort(x, { descending: true })];
      },
      wrt: [0],
    }),
  },
};

const argmax: OpCase = {
  op: graph.argmaxOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 3));
    const whole = draw.ints(shape, -2, 2);
    const x = draw.pick([whole, asFloats(whole.data, shape), draw.floats(shape)]);
    const axis = draw.int(-shape.length, shape.length - 1);
    return { inputs: [x], build: ([values]) => [graph.argmax(values, axis)], wrt: [] };
  },
};

const cumsum: OpCase = {
  op: graph.cumsumOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 4));
    const axis = draw.int(-shape.length, shape.length - 1);
    const reverse = draw.pick([true, false]);
    const whole = draw.int(0, 2) === 0;
    return {
      inputs: [whole ? draw.ints(shape, -9000, 9000) : draw.floats(shape)],
      build: ([x]) => [graph.cumsum(x, axis, { reverse })],
      wrt: whole ? [] : [0],
    };
  },
};

const takeAlong: OpCase = {
  op: graph.takeAlongOp,
  sample(draw) {
    const dtype = draw.pick(DTYPES);
    const x = draw.any(dtype, draw.shape(draw.int(1, 3)));
    const indices = draw.ints([...x.shape.slice(0, -1), draw.dim()], 0, x.shape.at(-1)! - 1);
    return {
      inputs: [x, indices],
      build: ([values, at]) => [graph.takeAlong(values, at)],
      wrt: dtype === 'float32' ? [0] : [],
    };
  },
};

const gatherNd: OpCase = {
  op: graph.gatherNdOp,
  sample(draw) {
    const dtype = draw.pick(DTYPES);
    const x = draw.any(dtype, draw.shape(draw.int(1, 4)));
    const depth = draw.int(1, x.shape.length);
    const indices = draw.ints([...draw.shape(draw.int(0, 2)), depth], 0, 1e6);
    indices.data.forEach((at, i) => (indices.data[i] = at % x.shape[i % depth]));
    return {
      inputs: [x, indices],
      build: ([values, at]) => [graph.gatherNd(values, at)],
      wrt: dtype === 'float32' ? [0] : [],
    };
  },
};

const pad: OpCase = {
  op: graph.padOp,
  sample(draw) {
    const dtype = draw.pick(DTYPES);
    const shape = draw.shape(draw.int(1, 4));
    const [before, after] = [0, 0].map(() => shape.map(() => draw.int(0, 2)));
    before[0] = Math.max(before[0], 1);
    const value = dtype === 'float32' ? draw.pick([0, -1.5, -Infinity]) : draw.int(0, 1);
    return {
      inputs: [draw.any(dtype, shape)],
      build: ([x]) => [graph.pad(x, before, after, value)],
      // An infinity weighs down every sum that the slope is measured with.
      wrt: dtype === 'float32' && Number.isFinite(value) ? [0] : [],
    };
  },
};

export const indexCases: readonly OpCase[] = [topKCase, argmax, cumsum, takeAlong, gatherNd, pad];
