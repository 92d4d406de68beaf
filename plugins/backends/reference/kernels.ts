/** Plain loops over typed arrays: slow and obviously right. One kernel per primitive. */
import { hostZeros, sizeOf, stridesOf, type Attrs, type DType, type Node, type Shape } from 'swift-ts/graph';
import type { HostTensor } from 'swift-ts/plugin';
import { erf } from './erf.js';

export type Kernel = (inputs: readonly HostTensor[], attrs: never, node: Node) => HostTensor;

export function allocate(dtype: DType, shape: Shape): HostTensor {
  return hostZeros({ dtype, shape });
}

/** Calls `visit(flat, index)` for every position of `shape` in row-major order. `index` is reused. */
function eachIndex(shape: Shape, visit: (flat: number, index: readonly number[]) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let flat = 0; flat < size; flat++) {
    visit(flat, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

/** Offset of a broadcast operand's element for an index of the result. */
function broadcastOffset(shape: Shape, strides: readonly number[], index: readonly number[]): number {
  const lead = index.length - shape.length;
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] !== 1) offset += index[axis + lead] * strides[axis];
  }
  return offset;
}

function elementwise(compute: (...values: number[]) => number): Kernel {
  return (inputs, _, node) => {
    const out = allocate(node.outputs[0].dtype, node.outputs[0].shape);
    const strides = inputs.map(({ shape }) => stridesOf(shape));
    eachIndex(out.shape, (flat, index) => {
      out.data[flat] = compute(
        ...inputs.map(({ shape, data }, i) => data[broadcastOffset(shape, strides[i], index)]),
      );
    });
    return out;
  };
}

/** Folds axes; partial results are float64. */
function reduction(start: number, fold: (held: number, value: number) => number): Kernel {
  return ([x], { axes }: { axes: readonly number[] }, node) => {
    const out = allocate(x.dtype, node.outputs[0].shape);
    const kept = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
    const strides = stridesOf(kept);
    const held = new Float64Array(out.data.length).fill(start);
    eachIndex(x.shape, (flat, index) => {
      const at = broadcastOffset(kept, strides, index);
      held[at] = fold(held[at], x.data[flat]);
    });
    out.data.set(held);
    return out;
  };
}

const matmul: Kernel = ([a, b], attrs: { transA: boolean; transB: boolean; alpha: number }, node) => {
  const out = allocate('float32', node.outputs[0].shape);
  const [rows, columns] = out.shape.slice(-2);
  const inner = a.shape.at(attrs.transA ? -2 : -1)!;
  const batches = out.data.length / (rows * columns);
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const x = a.data[batch * rows * inner + (attrs.transA ? k * rows + i : i * inner + k)];
          const y = b.data[batch * inner * columns + (attrs.transB ? j * inner + k : k * columns + j)];
          sum += x * y;
        }
        out.data[(batch * rows + i) * columns + j] = attrs.alpha * sum;
      }
    }
  }
  return out;
};

const softmax: Kernel = ([x]) => {
  const out = allocate('float32', x.shape);
  const width = x.shape.at(-1)!;
  for (let start = 0; start < x.data.length; start += width) {
    const row = x.data.subarray(start, start + width);
    const max = Math.max(...row);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - max);
    for (let i = 0; i < width; i++) out.data[start + i] = Math.exp(row[i] - max) / sum;
  }
  return out;
};

const transpose: Kernel = ([x], { perm }: { perm: readonly number[] }, node) => {
  const out = allocate(x.dtype, node.outputs[0].shape);
  const strides = stridesOf(x.shape);
  eachIndex(out.shape, (flat, index) => {
    out.data[flat] = x.data[perm.reduce((offset, axis, i) => offset + index[i] * strides[axis], 0)];
  });
  return out;
};

const slice: Kernel = ([x], { axis, start }: { axis: number; start: number }, node) => {
  const out = allocate(x.dtype, node.outputs[0].shape);
  const strides = stridesOf(x.shape);
  eachIndex(out.shape, (flat, index) => {
    out.data[flat] =
      x.data[index.reduce((offset, i, a) => offset + (a === axis ? i + start : i) * strides[a], 0)];
  });
  return out;
};

const concat: Kernel = (inputs, { axis }: { axis: number }, node) => {
  const out = allocate(inputs[0].dtype, node.outputs[0].shape);
  const strides = stridesOf(out.shape);
  let before = 0;
  for (const { shape, data } of inputs) {
    eachIndex(shape, (flat, index) => {
      out.data[index.reduce((offset, i, a) => offset + (a === axis ? i + before : i) * strides[a], 0)] =
        data[flat];
    });
    before += shape[axis];
  }
  return out;
};

const gather: Kernel = ([x, indices], _, node) => {
  const out = allocate(x.dtype, node.outputs[0].shape);
  const width = sizeOf(x.shape.slice(1));
  indices.data.forEach((row, i) => {
    if (row < 0 || row >= x.shape[0])
      throw new Error(`gather: index ${row} outside a table of ${x.shape[0]}`);
    out.data.set(x.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
};

const scatterAdd: Kernel = ([indices, updates], _, node) => {
  const out = allocate(updates.dtype, node.outputs[0].shape);
  const width = sizeOf(updates.shape.slice(1));
  indices.data.forEach((row, i) => {
    for (let j = 0; j < width; j++) out.data[row * width + j] += updates.data[i * width + j];
  });
  return out;
};

/** Rounds to nearest, ties to even. */
function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

const int8Matmul: Kernel = ([x, codes, scale], { transB }: { transB: boolean }, node) => {
  const width = x.shape[1];
  const largest = Float32Array.from({ length: x.shape[0] }, (_, row) =>
    (x.data as Float32Array)
      .subarray(row * width, (row + 1) * width)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30),
  );
  const scaled = Float32Array.from(x.data, (value, i) => value / largest[Math.floor(i / width)]);
  const [low, high] = [Math.min(0, ...scaled), Math.max(0, ...scaled)];
  const step = (high - low) / 255 || 1;
  const zero = Math.min(255, Math.max(0, roundEven(-low / step)));
  const rounded: HostTensor = {
    dtype: 'float32',
    shape: x.shape,
    data: Float32Array.from(
      scaled,
      (value) => Math.min(255, Math.max(0, roundEven(value / step) + zero)) - zero,
    ),
  };
  const whole: HostTensor = { ...codes, dtype: 'float32', data: Float32Array.from(codes.data) };
  const out = matmul([rounded, whole], { transA: false, transB, alpha: 1 } as never, node);
  const columns = out.shape[1];
  out.data.forEach((value, i) => {
    out.data[i] = value * step * largest[Math.floor(i / columns)] * (scale ? scale.data[i % columns] : 1);
  });
  return out;
};

const constant: Kernel = (_, { values, dtype, shape }: { values: number[]; dtype: DType; shape: Shape }) => {
  const out = allocate(dtype, shape);
  out.data.set(values);
  return out;
};

const cast: Kernel = ([x], { dtype }: { dtype: DType }) => {
  const out = allocate(dtype, x.shape);
  x.data.forEach((value, i) => {
    out.data[i] = dtype === 'bool' ? Number(value !== 0) : dtype === 'float32' ? value : Math.trunc(value);
  });
  return out;
};

export const kernels: ReadonlyMap<string, Kernel> = new Map<string, Kernel>([
  ['add', elementwise((a, b) => a + b)],
  ['sub', elementwise((a, b) => a - b)],
  ['mul', elementwise((a, b) => a * b)],
  ['div', elementwise((a, b) => a / b)],
  ['neg', elementwise((x) => -x)],
  ['exp', elementwise(Math.exp)],
  ['log', elementwise(Math.log)],
  ['sqrt', elementwise(Math.sqrt)],
  ['sigmoid', elementwise((x) => 1 / (1 + Math.exp(-x)))],
  ['tanh', elementwise(Math.tanh)],
  ['sin', elementwise(Math.sin)],
  ['cos', elementwise(Math.cos)],
  ['erf', elementwise(erf)],
  ['equal', elementwise((a, b) => Number(a === b))],
  ['greaterEqual', elementwise((a, b) => Number(a >= b))],
  ['where', elementwise((condition, a, b) => (condition ? a : b))],
  ['expand', elementwise((x) => x)],
  ['reshape', ([x], { shape }: Attrs & { shape: Shape }) => ({ ...x, shape })],
  ['reduceSum', reduction(0, (a, b) => a + b)],
  ['reduceMax', reduction(-Infinity, Math.max)],
  ['matmul', matmul],
  ['int8Matmul', int8Matmul],
  ['softmax', softmax],
  ['transpose', transpose],
  ['slice', slice],
  ['concat', concat],
  ['gather', gather],
  ['scatterAdd', scatterAdd],
  ['constant', constant],
  ['cast', cast],
]);
