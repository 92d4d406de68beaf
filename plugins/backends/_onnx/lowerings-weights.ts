/** How stored weights are read and multiplied in ONNX and ONNX Runtime's own operators. */
import { NF4_VALUES, sizeOf, type Shape, type Tensor, type WeightLayout } from 'swift-ts/graph';
import type { HostTensor } from 'swift-ts/plugin';
import type { Emitter } from './emitter.js';
import { direct, operands, results, type Lowering } from './lowering.js';
import { ONNX_TYPES } from './model-proto.js';

/** Kernels that multiply 4-bit groups want them so. */
function isKernelGroup(group: number): boolean {
  return group >= 16 && (group & (group - 1)) === 0;
}

/** The largest group of columns an 8-bit kernel takes that divides the row; undefined when there is none. */
function byteGroup(columns: number): number | undefined {
  return [256, 128, 64, 32, 16].find((group) => columns % group === 0);
}

/** Whether a product with a stored weight has a kernel of its own; others widen the weight first. */
export function hasQuantizedKernel({ format, shape, group }: WeightLayout, isConstant: boolean): boolean {
  if (format === 'nf4') return isKernelGroup(group);
  // Unless it can pack a constant, the 4-bit kernel widens on one thread: slower than widening in the graph.
  if (format === 'int4') return isConstant && isKernelGroup(group);
  return format === 'int8' && isConstant && byteGroup(shape[1]) !== undefined;
}

function widenHalf(type: 'float16' | 'bfloat16'): Lowering {
  return (emitter, node) => {
    const half = emitter.value('BitCast', operands(emitter, node), { to: ONNX_TYPES[type] });
    emitter.emit({
      type: 'Cast',
      inputs: [half],
      outputs: results(emitter, node),
      attributes: { to: ONNX_TYPES.float32 },
    });
  };
}

const dequantizeInt4: Lowering = (emitter, node, { shape, group }: WeightLayout) => {
  const [codes, scale] = operands(emitter, node);
  const [rows, columns] = shape;
  const pair = emitter.constant([rows, columns / 2, 1], 'int64');
  const low = emitter.value('BitwiseAnd', [codes, emitter.constant([15], 'uint8', [])]);
  const high = emitter.value('BitShift', [codes, emitter.constant([4], 'uint8', [])], { direction: 'RIGHT' });
  const halves = [low, high].map((half) => emitter.value('Reshape', [half, pair]));
  const bytes = emitter.value('Concat', halves, { axis: 2 });
  const whole = emitter.value('Cast', [bytes], { to: ONNX_TYPES.float32 });
  const groups = emitter.value('Reshape', [whole, emitter.constant([rows, columns / group, group], 'int64')]);
  const centred = emitter.value('Sub', [groups, emitter.constant([8], 'float32', [])]);
  scaleGroups(emitter, centred, scale, shape, group, results(emitter, node));
};

/** Both values of each byte in one look-up. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => [NF4_VALUES[byte >> 4], NF4_VALUES[byte & 15]]).flat();

const dequantizeNf4: Lowering = (emitter, node, { shape, group }: WeightLayout) => {
  const [rows, columns] = shape;
  const [codes, scale] = operands(emitter, node);
  const index = emitter.value('Cast', [codes], { to: ONNX_TYPES.int32 });
  const pairs = emitter.value('Gather', [emitter.constant(PAIRS, 'float32', [256, 2]), index]);
  const groups = emitter.value('Reshape', [pairs, emitter.constant([rows, columns / group, group], 'int64')]);
  scaleGroups(emitter, groups, scale, shape, group, results(emitter, node));
};

function scaleGroups(
  emitter: Emitter,
  values: string,
  scale: string,
  [rows, columns]: Shape,
  group: number,
  outputs: readonly string[],
): void {
  const wide = emitter.value('Reshape', [scale, emitter.constant([rows, columns / group, 1], 'int64')]);
  const product = emitter.value('Mul', [values, wide]);
  emitter.emit({
    type: 'Reshape',
    inputs: [product, emitter.constant([rows, columns], 'int64')],
    outputs,
  });
}

const dequantize: Lowering = (emitter, node, layout: WeightLayout) => {
  const lowering: Lowering = {
    f32: direct('Identity'),
    f16: widenHalf('float16'),
    bf16: widenHalf('bfloat16'),
    int8: direct('DequantizeLinear', { axis: 0 }),
    int4: dequantizeInt4,
    nf4: dequantizeNf4,
  }[layout.format];
  lowering(emitter, node, layout as never);
};

const quantizedMatmul: Lowering = (emitter, node, layout: WeightLayout) => {
  const [x, ...parts] = node.inputs;
  const [rows, columns] = layout.shape;
  const sides = { N: rows, K: columns };
  if (layout.format === 'nf4') {
    emitter.emit({
      type: 'MatMulBnb4',
      domain: 'com.microsoft',
      inputs: [emitter.nameOf(x), ...parts.map((part) => flatten(emitter, part))],
      outputs: results(emitter, node),
      attributes: { ...sides, block_size: layout.group, quant_type: 1 },
    });
    return;
  }
  const [codes, scale] = parts.map((part) => emitter.constantOf(part)!);
  const group = layout.format === 'int8' ? byteGroup(columns)! : layout.group;
  const bits = layout.format === 'int8' ? 8 : 4;
  emitter.emit({
    type: 'MatMulNBits',
    domain: 'com.microsoft',
    inputs: [
      emitter.nameOf(x),
      ...packed(emitter, codes, scale, layout, group, [rows, columns / group, (group * bits) / 8]),
    ],
    outputs: results(emitter, node),
    // Level 4: activations are rounded to 8 bits per group.
    attributes: { ...sides, block_size: group, bits, accuracy_level: 4 },
  });
};

/** Codes and scales as the kernel packs them: int8 codes become bytes around 128, their scale one per group. */
function packed(
  emitter: Emitter,
  codes: HostTensor,
  scale: HostTensor,
  { format, shape: [rows, columns] }: WeightLayout,
  group: number,
  blob: Shape,
): string[] {
  if (format === 'int4')
    return [
      emitter.initializer(codes.data, 'uint8', blob),
      emitter.initializer(scale.data, 'float32', [sizeOf(scale.shape)]),
    ];
  const groups = columns / group;
  const bytes = new Uint8Array(codes.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = codes.data[i] + 128;
  const scales = new Float32Array(rows * groups);
  for (let row = 0; row < rows; row++) scales.fill(scale.data[row], row * groups, (row + 1) * groups);
  return [emitter.initializer(bytes, 'uint8', blob), emitter.initializer(scales, 'float32', [scales.length])];
}

function flatten(emitter: Emitter, tensor: Tensor): string {
  return emitter.value('Reshape', [emitter.nameOf(tensor), emitter.constant([-1], 'int64')]);
}

const int8Matmul: Lowering = (emitter, node, { transB }: { transB: boolean }) => {
  const [x, codes, scale] = operands(emitter, node);
  // Rows of a largest size of 1 share one scale fairly.
  const sizes = emitter.value('ReduceMax', [emitter.value('Abs', [x]), emitter.constant([-1], 'int64')], {
    keepdims: 1,
  });
  const largest = emitter.value('Max', [sizes, emitter.constant([1e-30], 'float32', [])]);
  const rows = emitter.value('Div', [x, largest]);
  const matrix = transB ? emitter.value('Transpose', [codes], { perm: [1, 0] }) : codes;
  const product = emitter.value(
    'DynamicQuantizeMatMul',
    [rows, matrix, scale ?? emitter.constant([1], 'float32', [])],
    undefined,
    'com.microsoft',
  );
  emitter.emit({ type: 'Mul', inputs: [product, largest], outputs: results(emitter, node) });
};

export const weightLowerings: readonly (readonly [string, Lowering])[] = [
  ['dequantize', dequantize],
  ['quantizedMatmul', quantizedMatmul],
  ['int8Matmul', int8Matmul],
];
