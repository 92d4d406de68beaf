import { isSpec } from '../shapes.js';
import { apply1, defineOp, shapeError, sizeOf, type Shape, type Tensor } from '../tensor.js';
import { SCALE_VALUES } from '../scale-map.js';
import {
  bitsOf,
  formatName,
  isCodes,
  partSpecs,
  type CodeFormat,
  type WeightFormat,
  type WeightLayout,
} from '../weight-layout.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { concat } from './concat.js';
import { constant, scalar } from './constant.js';
import { gather } from './gather.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { scatterAdd } from './scatter-add.js';
import { slice } from './slice.js';
import { sub } from './sub.js';
import { transpose } from './transpose.js';

/** A layout that `plainLayout` gave. */
export type DequantizeAttrs = { format: WeightFormat; shape: Shape };

/** The float32 values of a stored weight; operands are those of `weightOperands`. Not differentiable. */
export const dequantizeOp = defineOp<DequantizeAttrs>({
  name: 'dequantize',
  unshared: true,
  infer(operands, layout) {
    const wanted = partSpecs(layout);
    const fits =
      operands.length === wanted.length && wanted.every((w, i) => isSpec(operands[i], w.dtype, w.shape));
    if (!fits)
      throw shapeError('dequantize', `the operands of a ${formatName(layout.format)} weight`, ...operands);
    return [{ shape: layout.shape, dtype: 'float32' }];
  },
  decompose(parts, { format, shape }) {
    if (isCodes(format)) return [valuesOf(parts, format, shape)];
    if (format === 'f32') return [parts[0]];
    return [format === 'f16' ? halfValues(parts[0], 10, 15) : halfValues(parts[0], 7, 127)];
  },
});

/** @param parts as `partSpecs(layout)` */
export function dequantize(parts: readonly Tensor[], layout: WeightLayout): Tensor {
  const { format, shape } = layout;
  if (format === 'f32') return parts[0];
  const values = apply1(dequantizeOp, weightOperands(parts, layout), plainLayout(layout));
  if (!isCodes(format) || !format.permuted) return values;
  const [rows, columns] = shape;
  return byColumns(values, (x) => scatterAdd(orderOf(parts), x, columns), [rows, columns]);
}

/** x [M, K] with its columns in the order of the codes of a permuted weight. */
export function inOrderOf(x: Tensor, parts: readonly Tensor[], { format }: WeightLayout): Tensor {
  if (!isCodes(format) || !format.permuted) return x;
  return byColumns(x, (columns) => gather(columns, orderOf(parts)), x.shape);
}

function orderOf(parts: readonly Tensor[]): Tensor {
  return parts[parts.length - 1];
}

function byColumns(x: Tensor, map: (columns: Tensor) => Tensor, shape: Shape): Tensor {
  return reshape(transpose(map(transpose(x, [1, 0])), [1, 0]), shape);
}

/** How `weightOperands` lie: scales in float32, columns in the order of the codes. */
export function plainLayout({ format, shape }: WeightLayout): DequantizeAttrs {
  if (!isCodes(format)) return { format, shape };
  const { permuted: _permuted, ...rest } = format;
  return { format: { ...rest, scale: 'float32' }, shape };
}

/** What ops on stored weights read: the parts, but for nested scales those in float32, and no order of columns. */
export function weightOperands(parts: readonly Tensor[], { format, shape }: WeightLayout): readonly Tensor[] {
  if (!isCodes(format)) return parts;
  const held = format.permuted ? parts.slice(0, -1) : parts;
  if (format.scale !== 'nested') return held;
  const [codes, scaleCodes, scale, offset, ...rest] = held;
  const table = constant(SCALE_VALUES, [SCALE_VALUES.length]);
  const values = gather(table, cast(reshape(scaleCodes, [sizeOf(scaleCodes.shape)]), 'int32'));
  const blocks = mul(reshape(values, scaleCodes.shape), reshape(scale, [scale.shape[0], 1]));
  const flat = reshape(add(blocks, offset), [sizeOf(scaleCodes.shape)]);
  const grouped = scaleShape(format, shape);
  return [codes, reshape(slice(flat, 0, 0, sizeOf(grouped)), grouped), ...rest];
}

function scaleShape({ group }: CodeFormat, [rows, columns]: Shape): Shape {
  return group === undefined ? [rows] : [rows, columns / group];
}

function valuesOf([codes, scale, zeros]: readonly Tensor[], format: CodeFormat, shape: Shape): Tensor {
  const { table, zero, group = shape[1] } = format;
  const whole =
    bitsOf(format) === 8 ? cast(codes, 'float32') : unpacked(codes, format.packing === 'high-nibble');
  const values = table ? lookedUp(whole, table) : whole;
  const groups = shape[1] / group;
  const grouped = reshape(values, [shape[0], groups, group]);
  const wide = (part: Tensor): Tensor => reshape(part, [shape[0], groups, 1]);
  const centred =
    zero === 0 ? grouped : sub(grouped, zero === 'group' ? wide(cast(zeros, 'float32')) : scalar(zero));
  return reshape(mul(centred, wide(scale)), shape);
}

function lookedUp(codes: Tensor, table: readonly number[]): Tensor {
  const flat = cast(reshape(codes, [sizeOf(codes.shape)]), 'int32');
  return reshape(gather(constant(table, [table.length]), flat), codes.shape);
}

/**
 * 16-bit floats from their bits: sign and exponent pick a base and a step from a table, the mantissa counts steps.
 * Exact but for NaN, which becomes infinity.
 */
function halfValues(bits: Tensor, mantissaBits: number, bias: number): Tensor {
  const exponents = 2 ** (15 - mantissaBits);
  const bases: number[] = [];
  const steps: number[] = [];
  for (let head = 0; head < 2 * exponents; head++) {
    const [sign, exponent] = [head < exponents ? 1 : -1, head % exponents];
    const isLast = exponent === exponents - 1;
    const unit = 2 ** (Math.max(1, exponent) - bias);
    bases.push(exponent === 0 ? 0 : sign * (isLast ? Infinity : unit));
    steps.push(isLast ? 0 : sign * unit * 2 ** -mantissaBits);
  }
  const size = sizeOf(bits.shape);
  const whole = cast(reshape(bits, [size]), 'float32');
  const head = cast(mul(whole, scalar(2 ** -mantissaBits)), 'int32');
  const mantissa = sub(whole, mul(cast(head, 'float32'), scalar(2 ** mantissaBits)));
  const table = (values: readonly number[]): Tensor => gather(constant(values, [values.length]), head);
  return reshape(add(table(bases), mul(mantissa, table(steps))), bits.shape);
}

/** The 4-bit halves of bytes [N, K/2], as float32 [N, K]. */
function unpacked(codes: Tensor, highFirst: boolean): Tensor {
  const bytes = cast(codes, 'float32');
  const high = cast(cast(mul(bytes, scalar(1 / 16)), 'int32'), 'float32');
  const low = sub(bytes, mul(high, scalar(16)));
  const [rows, columns] = codes.shape;
  const halves = highFirst ? [high, low] : [low, high];
  return reshape(
    concat(
      halves.map((x) => reshape(x, [rows, columns, 1])),
      2,
    ),
    [rows, 2 * columns],
  );
}
