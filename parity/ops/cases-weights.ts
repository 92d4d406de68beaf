import * as graph from '../../core/graph/index.js';
import {
  INT8,
  int4,
  isCodes,
  nf4,
  partSpecs,
  sizeOf,
  type CodeFormat,
  type WeightFormat,
  type WeightLayout,
} from '../../core/graph/index.js';
import type { HostTensor } from '../../core/contracts/backend.js';
import type { Draw, OpCase, Sample } from './draw.js';

/** 6 is no group of any kernel: those weights are widened first. */
const groupOf = (draw: Draw): number => draw.pick([6, 16, 32, 64]);

/** Floats, the formats of quantizers, and any other that can be described. */
function formatOf(draw: Draw): WeightFormat {
  const group = groupOf(draw);
  return draw.pick<WeightFormat>([
    'f16',
    'bf16',
    INT8,
    int4(group),
    nf4(group),
    anyCodes(draw),
    anyCodes(draw),
  ]);
}

function anyCodes(draw: Draw): CodeFormat {
  const packing = draw.pick(['int8', 'uint8', 'low-nibble', 'high-nibble'] as const);
  const count = packing === 'uint8' ? 256 : 16;
  const table = Array.from({ length: count }, () => draw.int(-64, 64) / 16);
  return {
    name: 'any',
    packing,
    ...(draw.int(0, 3) > 0 ? { group: groupOf(draw) } : {}),
    zero: draw.pick<number | 'group'>([0, 3, 8, 128, 'group']),
    scale: draw.pick(['float32', 'float32', 'nested']),
    ...(packing !== 'int8' && draw.int(0, 2) === 0 ? { table } : {}),
    ...(draw.int(0, 2) === 0 ? { permuted: true } : {}),
  };
}

function layoutOf(draw: Draw, format: WeightFormat): WeightLayout {
  const [rows, groups] = [draw.dim(), draw.dim()];
  const group = isCodes(format) ? (format.group ?? draw.pick([2, 16])) : 1;
  return { format, shape: [rows, groups * group] };
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
    if (dtype === 'int32')
      return {
        dtype,
        shape,
        data: Int32Array.from(draw.shuffled(Array.from({ length: size }, (_, i) => i))),
      };
    const isNested = isCodes(layout.format) && layout.format.scale === 'nested';
    return draw.floats(shape, isNested ? 0.001 : -0.02, 0.02);
  });
}

const dequantize: OpCase = {
  op: graph.dequantizeOp,
  sample(draw) {
    const layout = layoutOf(draw, formatOf(draw));
    return { inputs: parts(draw, layout), build: (held) => [graph.dequantize(held, layout)], wrt: [] };
  },
};

const quantizedMatmul: OpCase = {
  op: graph.quantizedMatmulOp,
  sample(draw) {
    const layout = layoutOf(draw, formatOf(draw));
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
  const count = draw.dim();
  const any = { ...anyCodes(draw), scale: 'float32', permuted: false } as const;
  const format = draw.pick<WeightFormat>(['f16', 'bf16', INT8, any]);
  const layout: WeightLayout = { format, shape: [vocab, layoutOf(draw, format).shape[1]] };
  const width = layout.shape[1];
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
