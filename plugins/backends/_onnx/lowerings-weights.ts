/** How stored weights are read and multiplied in ONNX and ONNX Runtime's own operators. */
import {
  bitsOf,
  isCodes,
  isInt8,
  NF4_VALUES,
  sizeOf,
  type CodeFormat,
  type Shape,
  type Tensor,
  type WeightLayout,
} from 'swift-ts/graph';
import type { HostTensor } from 'swift-ts/plugin';
import type { Emitter } from './emitter.js';
import { direct, operands, results, type Lowering } from './lowering.js';
import { ONNX_TYPES } from './model-proto.js';

/** Kernels that multiply groups want them so. */
function isKernelGroup(group: number | undefined): group is number {
  return group !== undefined && group >= 16 && (group & (group - 1)) === 0;
}

/** The largest group of columns an 8-bit kernel takes that divides the row; undefined when there is none. */
function byteGroup(columns: number): number | undefined {
  return [256, 128, 64, 32, 16].find((group) => columns % group === 0);
}

/** Whether a product with a stored weight has a kernel of its own; others widen the weight first. */
export function hasQuantizedKernel({ format, shape }: WeightLayout, isConstant: boolean): boolean {
  if (!isCodes(format)) return false;
  if (isNf4(format)) return isKernelGroup(format.group);
  // Unless it can pack a constant, the kernel for integers widens on one thread: slower than widening in the graph.
  if (!isConstant || format.table) return false;
  if (isInt8(format)) return byteGroup(shape[1]) !== undefined;
  return ['low-nibble', 'uint8'].includes(format.packing) && isKernelGroup(format.group);
}

function isNf4({ table, packing, zero }: CodeFormat): boolean {
  const isTable = table?.length === 16 && table.every((value, code) => value === NF4_VALUES[code]);
  return isTable && packing === 'high-nibble' && zero === 0;
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

/** Codes less their zero points, times their scales, group by group. */
function widenCodes(format: CodeFormat): Lowering {
  return (emitter, node, { shape: [rows, columns] }: WeightLayout) => {
    const [codes, scale, zeros] = operands(emitter, node);
    const { zero, group = columns } = format;
    const shape = (width: number): string => emitter.constant([rows, columns / group, width], 'int64');
    const wide = (part: string): string => emitter.value('Reshape', [part, shape(1)]);
    const toFloat = (part: string): string => emitter.value('Cast', [part], { to: ONNX_TYPES.float32 });
    let values = emitter.value('Reshape', [unpacked(emitter, codes, format, [rows, columns]), shape(group)]);
    if (!format.table) values = toFloat(values);
    if (zero === 'group') values = emitter.value('Sub', [values, wide(toFloat(zeros))]);
    else if (zero !== 0) values = emitter.value('Sub', [values, emitter.constant([zero], 'float32', [])]);
    emitter.emit({
      type: 'Reshape',
      inputs: [emitter.value('Mul', [values, wide(scale)]), emitter.constant([rows, columns], 'int64')],
      outputs: results(emitter, node),
    });
  };
}

/** One value or byte per code, in order, in whatever shape. */
function unpacked(emitter: Emitter, codes: string, format: CodeFormat, [rows, columns]: Shape): string {
  const { table, packing } = format;
  const isHighFirst = packing === 'high-nibble';
  if (table) {
    const index = emitter.value('Cast', [codes], { to: ONNX_TYPES.int32 });
    if (bitsOf(format) === 8)
      return emitter.value('Gather', [emitter.constant(table, 'float32', [256]), index]);
    // Both values of each byte in one look-up.
    const pairs = Array.from({ length: 256 }, (_, byte) => {
      const [low, high] = [table[byte & 15], table[byte >> 4]];
      return isHighFirst ? [high, low] : [low, high];
    });
    return emitter.value('Gather', [emitter.constant(pairs.flat(), 'float32', [256, 2]), index]);
  }
  if (bitsOf(format) === 8) return codes;
  const pair = emitter.constant([rows, columns / 2, 1], 'int64');
  const low = emitter.value('BitwiseAnd', [codes, emitter.constant([15], 'uint8', [])]);
  const high = emitter.value('BitShift', [codes, emitter.constant([4], 'uint8', [])], { direction: 'RIGHT' });
  const halves = (isHighFirst ? [high, low] : [low, high]).map((half) =>
    emitter.value('Reshape', [half, pair]),
  );
  return emitter.value('Concat', halves, { axis: 2 });
}

const dequantize: Lowering = (emitter, node, layout: WeightLayout) => {
  const { format } = layout;
  const lowering = isCodes(format)
    ? isInt8(format)
      ? direct('DequantizeLinear', { axis: 0 })
      : widenCodes(format)
    : { f32: direct('Identity'), f16: widenHalf('float16'), bf16: widenHalf('bfloat16') }[format];
  lowering(emitter, node, layout as never);
};

const quantizedMatmul: Lowering = (emitter, node, layout: WeightLayout) => {
  const [x, ...parts] = node.inputs;
  const format = layout.format as CodeFormat;
  const [rows, columns] = layout.shape;
  const sides = { N: rows, K: columns };
  if (format.table) {
    emitter.emit({
      type: 'MatMulBnb4',
      domain: 'com.microsoft',
      inputs: [emitter.nameOf(x), ...parts.map((part) => flatten(emitter, part))],
      outputs: results(emitter, node),
      attributes: { ...sides, block_size: format.group!, quant_type: 1 },
    });
    return;
  }
  const held = parts.map((part) => emitter.constantOf(part)!);
  const group = format.group ?? byteGroup(columns)!;
  emitter.emit({
    type: 'MatMulNBits',
    domain: 'com.microsoft',
    inputs: [emitter.nameOf(x), ...packed(emitter, held, format, [rows, columns / group, group])],
    outputs: results(emitter, node),
    // Level 4: activations are rounded to 8 bits per group.
    attributes: { ...sides, block_size: group, bits: bitsOf(format), accuracy_level: 4 },
  });
};

/**
 * Codes, scales and zero points as the kernel packs them. Signed codes become bytes around 128, the scale of a row one
 * per group. Without zero points, the middle of the codes is zero.
 */
function packed(
  emitter: Emitter,
  [codes, scale, zeros]: readonly HostTensor[],
  format: CodeFormat,
  [rows, groups, group]: Shape,
): string[] {
  const bits = bitsOf(format);
  const blob = [rows, groups, (group * bits) / 8];
  if (isInt8(format)) {
    const bytes = new Uint8Array(codes.data.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = codes.data[i] + 128;
    const scales = new Float32Array(rows * groups);
    for (let row = 0; row < rows; row++) scales.fill(scale.data[row], row * groups, (row + 1) * groups);
    return [
      emitter.initializer(bytes, 'uint8', blob),
      emitter.initializer(scales, 'float32', [scales.length]),
    ];
  }
  const inputs = [
    emitter.initializer(codes.data, 'uint8', blob),
    emitter.initializer(scale.data, 'float32', [sizeOf(scale.shape)]),
  ];
  if (format.zero === 2 ** (bits - 1)) return inputs;
  const each =
    format.zero === 'group' ? (zeros.data as Uint8Array) : new Uint8Array(rows * groups).fill(format.zero);
  const points = bits === 8 ? each : inNibbles(each, groups);
  return [...inputs, emitter.initializer(points, 'uint8', [points.length])];
}

/** Zero points two to a byte, the first in the low half; each row starts a byte. */
function inNibbles(points: Uint8Array, groups: number): Uint8Array {
  const stride = Math.ceil(groups / 2);
  const bytes = new Uint8Array((points.length / groups) * stride);
  for (let i = 0; i < points.length; i++) {
    const column = i % groups;
    bytes[Math.floor(i / groups) * stride + (column >> 1)] |= points[i] << (4 * (column & 1));
  }
  return bytes;
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
