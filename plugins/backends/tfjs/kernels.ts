/** How each op is said in TensorFlow.js kernels. Ops not listed are decomposed. */
import { sizeOf, type Attrs, type DType, type Shape } from 'swift-ts/graph';
import { call, reshape, type TfKernel } from './kernel.js';
import { indexKernels } from './kernels-index.js';
import { visionKernels } from './kernels-vision.js';
import type { Tf, TfData, TfDType, TfTensor } from './library.js';

/** TensorFlow.js has no small integers; they are computed as int32. */
export function tfDType(dtype: DType): TfDType {
  return isNarrow(dtype) ? 'int32' : dtype;
}

export function isNarrow(dtype: DType): dtype is 'uint8' | 'int8' | 'uint16' {
  return dtype === 'uint8' || dtype === 'int8' || dtype === 'uint16';
}

function unary(kernel: string): TfKernel {
  return { uses: [kernel], run: (tf, [x]) => call(tf, kernel, { x }) };
}

function binary(kernel: string): TfKernel {
  return { uses: [kernel], run: (tf, [a, b]) => call(tf, kernel, { a, b }) };
}

function reduction(kernel: string): TfKernel {
  return {
    uses: [kernel],
    run: (tf, [x], { axes, keepDims }: { axes: readonly number[]; keepDims: boolean }, node) => {
      const reduced = call(tf, kernel, { x }, { axis: axes, reductionIndices: axes, keepDims });
      return reshape(tf, reduced, node.outputs[0].shape);
    },
  };
}

function scalar(tf: Tf, value: number, dtype: TfDType): TfTensor {
  return tf.tensor(toTfData([value], dtype), [], dtype);
}

export function toTfData(values: ArrayLike<number>, dtype: TfDType): TfData {
  if (dtype === 'float32') return new Float32Array(values);
  return dtype === 'int32' ? new Int32Array(values) : new Uint8Array(values);
}

function broadcastTo(tf: Tf, x: TfTensor, shape: Shape): TfTensor {
  const lead = shape.length - x.shape.length;
  const own = shape.map((_, axis) => (axis < lead ? 1 : x.shape[axis - lead]));
  const reps = shape.map((dim, axis) => dim / own[axis]);
  const aligned = reshape(tf, x, own);
  return reps.every((count) => count === 1) ? aligned : call(tf, 'Tile', { x: aligned }, { reps });
}

/** int32 division rounds toward zero; the FloorDiv kernel rounds down. */
function divide(tf: Tf, a: TfTensor, b: TfTensor): TfTensor {
  if (a.dtype === 'float32') return call(tf, 'RealDiv', { a, b });
  const floor = call(tf, 'FloorDiv', { a, b });
  const zero = scalar(tf, 0, 'int32');
  const whole = call(tf, 'Equal', { a: call(tf, 'Multiply', { a: floor, b }), b: a });
  const upward = call(tf, 'LogicalAnd', {
    a: call(tf, 'LogicalNot', { x: whole }),
    b: call(tf, 'Less', { a: floor, b: zero }),
  });
  return call(tf, 'Add', { a: floor, b: call(tf, 'Cast', { x: upward }, { dtype: 'int32' }) });
}

interface MatmulAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
}

function matmul(tf: Tf, [left, right]: readonly TfTensor[], attrs: MatmulAttrs): TfTensor {
  let [a, b, transposeA, transposeB] = [left, right, attrs.transA, attrs.transB];
  if (tf.getBackend() === 'wasm') {
    // The fast product of wasm takes matrices as they lie.
    if (transposeA) [a, transposeA] = [swapLast(tf, a), false];
    if (transposeB) [b, transposeB] = [swapLast(tf, b), false];
  }
  const product = call(tf, 'BatchMatMul', { a, b }, { transposeA, transposeB });
  if (attrs.alpha === 1) return product;
  return call(tf, 'Multiply', { a: product, b: scalar(tf, attrs.alpha, 'float32') });
}

function swapLast(tf: Tf, x: TfTensor): TfTensor {
  const perm = x.shape.map((_, axis) => axis);
  [perm[perm.length - 2], perm[perm.length - 1]] = [perm.length - 1, perm.length - 2];
  return call(tf, 'Transpose', { x }, { perm });
}

export const kernels: ReadonlyMap<string, TfKernel> = new Map<string, TfKernel>([
  ['add', binary('Add')],
  ['sub', binary('Sub')],
  ['mul', binary('Multiply')],
  [
    'div',
    {
      uses: ['RealDiv', 'FloorDiv', 'Equal', 'LogicalAnd', 'LogicalNot', 'Less'],
      run: (tf, [a, b]) => divide(tf, a, b),
    },
  ],
  ['neg', unary('Neg')],
  ['exp', unary('Exp')],
  ['sin', unary('Sin')],
  ['cos', unary('Cos')],
  ['log', unary('Log')],
  ['sqrt', unary('Sqrt')],
  ['sigmoid', unary('Sigmoid')],
  ['tanh', unary('Tanh')],
  ['erf', unary('Erf')],
  ['relu', unary('Relu')],
  ['equal', binary('Equal')],
  ['greaterEqual', binary('GreaterEqual')],
  ['reduceSum', reduction('Sum')],
  ['reduceMax', reduction('Max')],
  ['reduceMean', reduction('Mean')],
  ['matmul', { uses: ['BatchMatMul', 'Transpose'], run: matmul }],
  [
    'where',
    {
      uses: ['Select', 'Tile'],
      run: (tf, inputs, _, node) => {
        const [condition, t, e] = inputs.map((x) => broadcastTo(tf, x, node.outputs[0].shape));
        return call(tf, 'Select', { condition, t, e });
      },
    },
  ],
  [
    'softmax',
    {
      uses: ['Softmax'],
      run: (tf, [logits]) => call(tf, 'Softmax', { logits }, { dim: logits.shape.length - 1 }),
    },
  ],
  ['reshape', { uses: ['Reshape'], run: (tf, [x], { shape }: { shape: Shape }) => reshape(tf, x, shape) }],
  ['expand', { uses: ['Tile'], run: (tf, [x], { shape }: { shape: Shape }) => broadcastTo(tf, x, shape) }],
  [
    'transpose',
    { uses: ['Transpose'], run: (tf, [x], { perm }: Attrs) => call(tf, 'Transpose', { x }, { perm }) },
  ],
  [
    'slice',
    {
      uses: ['Slice'],
      run: (tf, [x], { axis, start }: { axis: number; start: number }, node) => {
        const begin = x.shape.map((_, i) => (i === axis ? start : 0));
        return call(tf, 'Slice', { x }, { begin, size: node.outputs[0].shape });
      },
    },
  ],
  ['concat', { uses: ['Concat'], run: (tf, parts, { axis }: Attrs) => call(tf, 'Concat', parts, { axis }) }],
  [
    'gather',
    {
      uses: ['GatherV2'],
      run: (tf, [x, indices]) => call(tf, 'GatherV2', { x, indices }, { axis: 0, batchDims: 0 }),
    },
  ],
  [
    'scatterAdd',
    {
      uses: ['ScatterNd'],
      run: (tf, [indices, updates], _, node) => {
        const column = reshape(tf, indices, [sizeOf(indices.shape), 1]);
        return call(tf, 'ScatterNd', { indices: column, updates }, { shape: node.outputs[0].shape });
      },
    },
  ],
  [
    'constant',
    {
      uses: [],
      run: (tf, _, { values, dtype, shape }: { values: readonly number[]; dtype: DType; shape: Shape }) =>
        tf.tensor(toTfData(values, tfDType(dtype)), shape, tfDType(dtype)),
    },
  ],
  [
    'cast',
    {
      uses: ['Cast', 'NotEqual'],
      run: (tf, [x], { dtype }: { dtype: DType }) =>
        // Casting kernels keep the low byte; anything but zero is true.
        dtype === 'bool'
          ? call(tf, 'NotEqual', { a: x, b: scalar(tf, 0, x.dtype) })
          : call(tf, 'Cast', { x }, { dtype: tfDType(dtype) }),
    },
  ],
  ...indexKernels,
  ...visionKernels,
]);
