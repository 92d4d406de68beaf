import * as graph from '../../core/graph/index.js';
import type { Op, Tensor } from '../../core/graph/index.js';
import type { OpCase } from './draw.js';

function unary(op: Op, apply: (x: Tensor) => Tensor, low = -3, high = 3): OpCase {
  return {
    op,
    sample: (draw) => ({
      inputs: [draw.floats(draw.shape(draw.int(0, 4)), low, high)],
      build: ([x]) => [apply(x)],
      wrt: [0],
    }),
  };
}

/** A function of one operand and a choice. */
function either<C>(op: Op, apply: (x: Tensor, choice: C) => Tensor, choices: readonly C[]): OpCase {
  return {
    op,
    sample: (draw) => {
      const choice = draw.pick(choices);
      return {
        inputs: [draw.floats(draw.shape(draw.int(0, 4)), -4, 4)],
        build: ([x]) => [apply(x, choice)],
        wrt: [0],
      };
    },
  };
}

function arithmetic(op: Op, apply: (a: Tensor, b: Tensor) => Tensor, divisor = false): OpCase {
  return {
    op,
    sample(draw) {
      const shape = draw.shape(draw.int(0, 4));
      const shapes = draw.shuffled([shape, draw.narrower(shape)]);
      if (draw.int(0, 3) > 0) {
        const inputs = [draw.floats(shapes[0]), draw.floats(shapes[1], ...(divisor ? [0.3, 2] : []))];
        return { inputs, build: ([a, b]) => [apply(a, b)], wrt: [0, 1] };
      }
      const second = divisor ? draw.ints(shapes[1], 1, 7) : draw.ints(shapes[1], -9000, 9000);
      if (divisor) second.data.forEach((value, i) => (second.data[i] = draw.pick([value, -value])));
      return {
        inputs: [draw.ints(shapes[0], -9000, 9000), second],
        build: ([a, b]) => [apply(a, b)],
        wrt: [],
      };
    },
    fixed: {
      'one tensor as both operands': (draw) => ({
        inputs: [draw.floats([2, 3], 0.3, 2)],
        build: ([x]) => [apply(x, x)],
        wrt: [0],
      }),
    },
  };
}

function comparison(
  op: Op,
  apply: (a: Tensor, b: Tensor) => Tensor,
  dtypes: readonly ('float32' | 'int32' | 'bool')[],
): OpCase {
  return {
    op,
    sample(draw) {
      const shape = draw.shape(draw.int(0, 4));
      const dtype = draw.pick(dtypes);
      const values = (shape: number[]) =>
        dtype === 'bool'
          ? draw.bytes(shape, 'bool', 1)
          : {
              ...draw.ints(shape, -2, 2),
              dtype,
              ...(dtype === 'float32' && wholeFloats(draw.ints(shape, -2, 2).data)),
            };
      return {
        inputs: [values(shape), values(draw.narrower(shape))],
        build: ([a, b]) => [apply(a, b)],
        wrt: [],
      };
    },
  };
}

/** Few distinct values, so that equal ones meet. */
function wholeFloats(values: ArrayLike<number>): { data: Float32Array } {
  return { data: Float32Array.from(values) };
}

const where: OpCase = {
  op: graph.whereOp,
  sample(draw) {
    const shape = draw.shape(draw.int(0, 4));
    const [a, b, condition] = draw.shuffled([shape, draw.narrower(shape), draw.narrower(shape)]);
    const floats = draw.int(0, 2) > 0;
    const value = (shape: number[]) => (floats ? draw.floats(shape) : draw.any('int32', shape));
    return {
      inputs: [draw.bytes(condition, 'bool', 1), value(a), value(b)],
      build: ([c, x, y]) => [graph.where(c, x, y)],
      wrt: floats ? [1, 2] : [],
    };
  },
};

const dropout: OpCase = {
  op: graph.dropoutOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 3));
    return {
      inputs: [draw.floats(shape), draw.bytes(shape, 'uint8', 1)],
      build: ([x, keep]) => [graph.dropout(x, keep, 0.25)],
      wrt: [0],
    };
  },
};

export const elementwiseCases: readonly OpCase[] = [
  arithmetic(graph.addOp, graph.add),
  arithmetic(graph.subOp, graph.sub),
  arithmetic(graph.mulOp, graph.mul),
  arithmetic(graph.divOp, graph.div, true),
  unary(graph.negOp, graph.neg),
  unary(graph.expOp, graph.exp),
  unary(graph.sinOp, graph.sin, -8, 8),
  unary(graph.cosOp, graph.cos, -8, 8),
  unary(graph.logOp, graph.log, 0.2),
  unary(graph.sqrtOp, graph.sqrt, 0.2),
  unary(graph.sigmoidOp, graph.sigmoid, -8, 8),
  unary(graph.siluOp, graph.silu, -8, 8),
  unary(graph.tanhOp, graph.tanh),
  unary(graph.erfOp, graph.erf, -4, 4),
  unary(graph.reluOp, graph.relu),
  // Its derivative is not that of what it computes: autodiff.test.ts.
  {
    op: graph.detachOp,
    sample: (draw) => ({
      inputs: [draw.floats(draw.shape(draw.int(0, 4)))],
      build: ([x]) => [graph.detach(x)],
      wrt: [],
    }),
  },
  either(graph.geluOp, graph.gelu, ['none', 'tanh']),
  unary(graph.quickGeluOp, graph.quickGelu, -8, 8),
  unary(graph.softplusOp, graph.softplus, -20, 20),
  either(graph.softcapOp, graph.softcap, [0.5, 30]),
  comparison(graph.equalOp, graph.equal, ['float32', 'int32', 'bool']),
  comparison(graph.greaterEqualOp, graph.greaterEqual, ['float32', 'int32']),
  where,
  dropout,
];
