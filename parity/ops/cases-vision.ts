import * as graph from '../../core/graph/index.js';
import type { Draw, OpCase, Sample } from './draw.js';

interface Sizes {
  readonly batch: number;
  readonly groups: number;
  /** Channels per group. */
  readonly inner: number;
  readonly outer: number;
  readonly spatial: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** Sizes of a convolution of one or two dimensions whose kernel fits. */
function drawSizes(draw: Draw): Sizes {
  const rank = draw.int(1, 2);
  const kernel = Array.from({ length: rank }, () => draw.int(1, 3));
  const dilation = kernel.map(() => draw.int(1, 2));
  return {
    batch: draw.int(1, 2),
    groups: draw.int(1, 3),
    inner: draw.int(1, 2),
    outer: draw.int(1, 2),
    spatial: kernel.map((size, i) => dilation[i] * (size - 1) + draw.int(1, 5)),
    kernel,
    stride: kernel.map(() => draw.int(1, 3)),
    padding: kernel.map(() => draw.int(0, 2)),
    dilation,
  };
}

function convolution(draw: Draw, sizes: Sizes, withBias: boolean): Sample {
  const { batch, groups, inner, outer, spatial, kernel } = sizes;
  const apply = spatial.length === 1 ? graph.conv1d : graph.conv2d;
  return {
    inputs: [
      draw.floats([batch, groups * inner, ...spatial]),
      draw.floats([groups * outer, inner, ...kernel]),
      ...(withBias ? [draw.floats([groups * outer])] : []),
    ],
    build: ([x, weight, bias]) => [apply(x, weight, bias, sizes)],
    wrt: withBias ? [0, 1, 2] : [0, 1],
  };
}

const plain = { stride: [1], padding: [0], dilation: [1] };

const convolutionCase: OpCase = {
  op: graph.convolutionOp,
  sample: (draw) => convolution(draw, drawSizes(draw), draw.pick([true, false])),
  fixed: {
    'cut into patches': (draw) => ({
      inputs: [draw.floats([2, 3, 12, 16]), draw.floats([8, 3, 4, 4]), draw.floats([8])],
      build: ([x, weight, bias]) => [graph.conv2d(x, weight, bias, { stride: 4 })],
      wrt: [0, 1, 2],
    }),
    'causal, one filter per channel': (draw) => ({
      inputs: [draw.floats([2, 9, 6]), draw.floats([6, 1, 4])],
      build: ([x, weight]) => {
        const channels = graph.transpose(graph.pad(x, [0, 3, 0], [0, 0, 0]), [0, 2, 1]);
        return [graph.conv1d(channels, weight, undefined, { groups: 6 })];
      },
      wrt: [0, 1],
    }),
    'sizes past a kernel tile': (draw) =>
      convolution(
        draw,
        { ...plain, batch: 1, groups: 1, inner: 20, outer: 36, spatial: [40], kernel: [3], padding: [1] },
        true,
      ),
  },
};

const convTranspose: OpCase = {
  op: graph.convTransposeOp,
  sample(draw) {
    const sizes = drawSizes(draw);
    const { batch, groups, inner, outer, spatial, kernel, stride } = sizes;
    const apply = spatial.length === 1 ? graph.convTranspose1d : graph.convTranspose2d;
    const outputPadding = stride.map((step) => draw.int(0, step - 1));
    return {
      inputs: [
        draw.floats([batch, groups * inner, ...spatial]),
        draw.floats([groups * inner, outer, ...kernel]),
        draw.floats([groups * outer]),
      ],
      // As much padding as leaves something.
      build: ([x, weight, bias]) => [
        apply(x, weight, bias, {
          ...sizes,
          padding: kernel.map((size) => Math.floor(size / 3)),
          outputPadding,
        }),
      ],
      wrt: [0, 1, 2],
    };
  },
};

const convolutionWeight: OpCase = {
  op: graph.convolutionWeightOp,
  sample(draw) {
    const { batch, groups, inner, outer, spatial, ...window } = drawSizes(draw);
    const { kernel, stride, padding, dilation } = window;
    const places = spatial.map(
      (size, i) => Math.floor((size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1,
    );
    return {
      inputs: [
        draw.floats([batch, groups * inner, ...spatial]),
        draw.floats([batch, groups * outer, ...places]),
      ],
      build: ([x, dy]) => [graph.convolutionWeight(x, dy, window, groups)],
      wrt: [0, 1],
    };
  },
};

const maxPool: OpCase = {
  op: graph.maxPoolOp,
  sample(draw) {
    const { batch, inner, ...sizes } = drawSizes(draw);
    const kernel = [draw.int(1, 3), draw.int(1, 3)];
    const spatial = kernel.map((size) => 2 * size + draw.int(0, 3));
    const options = {
      stride: [draw.int(1, 3), draw.int(1, 3)],
      padding: kernel.map((size) => draw.int(0, Math.floor(size / 2))),
      dilation: sizes.dilation[0],
    };
    return {
      inputs: [draw.distinct([batch, inner, ...spatial])],
      build: ([x]) => [graph.maxPool2d(x, kernel, options)],
      wrt: [0],
    };
  },
  fixed: {
    halved: (draw) => ({
      inputs: [draw.distinct([1, 2, 6, 4])],
      build: ([x]) => [graph.maxPool2d(x, 2)],
      wrt: [0],
    }),
  },
};

const avgPool: OpCase = {
  op: graph.avgPoolOp,
  sample(draw) {
    const { batch, inner, spatial, kernel, stride } = drawSizes(draw);
    const apply = spatial.length === 1 ? graph.avgPool1d : graph.avgPool2d;
    const padding = kernel.map((size) => draw.int(0, Math.floor(size / 2)));
    return {
      inputs: [draw.floats([batch, inner, ...spatial.map((size, i) => size + kernel[i])])],
      build: ([x]) => [apply(x, kernel, { stride, padding })],
      wrt: [0],
    };
  },
};

const interpolate: OpCase = {
  op: graph.interpolateOp,
  sample(draw) {
    const mode = draw.pick(['nearest', 'bilinear', 'bicubic'] as const);
    const size = [draw.int(1, 9), draw.int(1, 9)];
    return {
      inputs: [draw.floats([draw.int(1, 2), draw.int(1, 2), draw.int(1, 6), draw.int(1, 6)])],
      build: ([x]) => [graph.interpolate(x, size, mode)],
      wrt: [0],
    };
  },
};

const layerNorm: OpCase = {
  op: graph.layerNormOp,
  sample(draw) {
    const shape = draw.shape(draw.int(1, 3)).map((dim) => dim + 1);
    const width = shape.at(-1)!;
    return {
      inputs: [draw.floats(shape), draw.floats([width]), draw.floats([width])],
      build: (operands) => graph.apply(graph.layerNormOp, operands, { eps: 0.01 }),
      wrt: [0, 1, 2],
    };
  },
  fixed: {
    'far from zero, without weight and bias': (draw) => ({
      inputs: [draw.floats([3, 33], 8, 12)],
      build: ([x]) => [graph.layerNorm(x, {}, 1e-5)],
      wrt: [0],
    }),
  },
};

const groupNorm: OpCase = {
  op: graph.groupNormOp,
  sample(draw) {
    const groups = draw.int(1, 3);
    const channels = groups * draw.int(1, 3);
    const shape = [draw.int(1, 2), channels, ...draw.shape(draw.int(1, 2)).map((dim) => dim + 1)];
    return {
      inputs: [draw.floats(shape), draw.floats([channels]), draw.floats([channels])],
      build: ([x, weight, bias]) => [graph.groupNorm(x, groups, { weight, bias }, 0.01)],
      wrt: [0, 1, 2],
    };
  },
  fixed: {
    'without weight and bias': (draw) => ({
      inputs: [draw.floats([2, 4, 3])],
      build: ([x]) => [graph.groupNorm(x, 2, {}, 0.01)],
      wrt: [0],
    }),
  },
};

export const visionCases: readonly OpCase[] = [
  convolutionCase,
  convTranspose,
  convolutionWeight,
  maxPool,
  avgPool,
  interpolate,
  layerNorm,
  groupNorm,
];
