import * as graph from '../../../../core/graph/index.js';
import { partSpecs, sizeOf, type WeightFormat, type WeightLayout } from '../../../../core/graph/index.js';
import type { HostTensor } from '../../../../core/contracts/backend.js';
import type { Draw, OpCase, Sample } from './draw.js';

const FORMATS = ['f16', 'bf16', 'int8', 'int4', 'nf4'] as const satisfies readonly WeightFormat[];

function layoutOf(draw: Draw, format: WeightFormat): WeightLayout {
  const [rows, groups] = [draw.dim(), draw.dim()];
  // 6 is no group of any kernel: those weights are widened first.
  const group = format === 'int4' || format === 'nf4' ? draw.pick([6, 16, 32, 64]) : 1;
  return {
    format,
    group,
    shape: [rows, format === 'int8' ? draw.pick([groups, 16 * groups]) : groups * group],
  };
}

/** Finite bits of 16-bit floats up to 4 in size, zeros and subnormals among them. */
function halfBits(draw: Draw, format: 'f16' | 'bf16', count: number): Uint16Array {
  const top = format === 'f16' ? 0x4400 : 0x4080;
  return Uint16Array.from(
    { length: count },
    () => draw.int(0, 1) * 0x8000 + draw.pick([0, draw.int(1, 40), draw.int(top - 0x800, top)]),
  );
}

function parts(draw: Draw, layout: WeightLayout): HostTensor[] {
  return partSpecs(layout).map(({ dtype, shape }): HostTensor => {
    const size = sizeOf(shape);
    if (dtype === 'uint16')
      return { dtype, shape, data: halfBits(draw, layout.format as 'f16' | 'bf16', size) };
    if (dtype === 'int8')
      return { dtype, shape, data: Int8Array.from({ length: size }, () => draw.int(-127, 127)) };
    if (dtype === 'uint8') return draw.bytes(shape, dtype, 255);
    const low = layout.format === 'nf4' ? 0.001 : -0.02;
    return draw.floats(shape, low, 0.02);
  });
}

const dequantize: OpCase = {
  op: graph.dequantizeOp,
  sample(draw) {
    const layout = layoutOf(draw, draw.pick(FORMATS));
    return { inputs: parts(draw, layout), build: (held) => [graph.dequantize(held, layout)], wrt: [] };
  },
};

const quantizedMatmul: OpCase = {
  op: graph.quantizedMatmulOp,
  sample(draw) {
    const layout = layoutOf(draw, draw.pick(FORMATS));
    return {
      inputs: [draw.floats([draw.dim(), layout.shape[1]]), ...parts(draw, layout)],
      build: ([x, ...held]) => [graph.quantizedMatmul(x, held, layout)],
      wrt: [0],
    };
  },
};

const int8Matmul: OpCase = {
  op: graph.int8MatmulOp,
  sample(draw) {
    const [m, k, n] = [draw.dim(), draw.dim() + 1, draw.dim()];
    // Both ends of the 8-bit range are in every row, so that rounding changes nothing.
    const data = Float32Array.from({ length: m * k }, () => draw.int(-128, 127) / 16);
    for (let row = 0; row < m; row++) data.set([-8, 127 / 16], row * k);
    const codes = Int8Array.from({ length: n * k }, () => draw.int(-64, 63));
    return {
      inputs: [
        { dtype: 'float32', shape: [m, k], data },
        { dtype: 'int8', shape: [n, k], data: codes },
        draw.floats([n], 0.001, 0.02),
      ],
      build: ([x, held, scale]) => [graph.int8Matmul(x, held, scale)],
      wrt: [],
    };
  },
};

const indexAdd: OpCase = {
  op: graph.indexAddOp,
  sample(draw) {
    const [rows, count] = [draw.dim(), draw.dim()];
    const rest = draw.shape(draw.int(0, 2));
    return {
      inputs: [draw.floats([rows, ...rest]), draw.ints([count], 0, rows - 1), draw.floats([count, ...rest])],
      build: ([table, indices, updates]) => [graph.indexAdd(table, indices, updates)],
      wrt: [0, 2],
    };
  },
};

const storedCrossEntropy: OpCase = {
  op: graph.storedCrossEntropyOp,
  sample: (draw) => crossEntropyOver(draw, draw.dim() + 1),
  fixed: {
    'three chunks of the vocabulary, the last one short': (draw) => crossEntropyOver(draw, 20, 8),
  },
};

function crossEntropyOver(draw: Draw, vocab: number, chunk?: number): Sample {
  const [count, width] = [draw.dim(), draw.dim()];
  const format = draw.pick(['f16', 'bf16', 'int8'] as const);
  const layout: WeightLayout = { format, group: 1, shape: [vocab, width] };
  const labels = draw.ints([count], 0, vocab - 1);
  labels.data[0] = vocab - 1;
  return {
    inputs: [draw.floats([count, width]), ...parts(draw, layout), labels],
    build: ([hidden, ...rest]) => {
      const [weight, own] = [rest.slice(0, -1), rest.at(-1)!];
      const { loss, correct } = graph.storedCrossEntropy(hidden, weight, layout, own, chunk);
      return [loss, correct];
    },
    wrt: [0],
  };
}

export const weightCases: readonly OpCase[] = [
  dequantize,
  quantizedMatmul,
  int8Matmul,
  indexAdd,
  storedCrossEntropy,
];
