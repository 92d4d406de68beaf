import { isSpec } from '../shapes.js';
import { apply1, defineOp, shapeError, sizeOf, type Shape, type Tensor, type TensorSpec } from '../tensor.js';
import { SCALE_VALUES } from '../scale-map.js';
import { NF4_VALUES, partSpecs, type WeightFormat, type WeightLayout } from '../weight-layout.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { concat } from './concat.js';
import { constant, scalar } from './constant.js';
import { gather } from './gather.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { sub } from './sub.js';

export type DequantizeAttrs = { format: WeightFormat; shape: Shape; group: number };

/** The float32 values of a stored weight; operands are those of `weightOperands`. Not differentiable. */
export const dequantizeOp = defineOp<DequantizeAttrs>({
  name: 'dequantize',
  unshared: true,
  infer(operands, layout) {
    const wanted = operandSpecs(layout);
    const fits =
      operands.length === wanted.length && wanted.every((w, i) => isSpec(operands[i], w.dtype, w.shape));
    if (!fits) throw shapeError('dequantize', `the operands of a ${layout.format} weight`, ...operands);
    return [{ shape: layout.shape, dtype: 'float32' }];
  },
  decompose(parts, { format, shape, group }) {
    switch (format) {
      case 'f32':
        return [parts[0]];
      case 'f16':
        return [halfValues(parts[0], 10, 15)];
      case 'bf16':
        return [halfValues(parts[0], 7, 127)];
      case 'int8':
        return [mul(cast(parts[0], 'float32'), reshape(parts[1], [shape[0], 1]))];
      case 'int4': {
        const { high, low } = halves(parts[0]);
        return [scaled(sub(interleave(low, high), scalar(8)), parts[1], shape, group)];
      }
      case 'nf4': {
        const { high, low } = halves(parts[0]);
        const codes = cast(interleave(high, low), 'int32');
        const flat = gather(constant(NF4_VALUES, [16]), reshape(codes, [sizeOf(shape)]));
        return [scaled(flat, parts[1], shape, group)];
      }
    }
  },
});

/** @param parts as `partSpecs(layout)` */
export function dequantize(parts: readonly Tensor[], layout: WeightLayout): Tensor {
  const { format, shape, group } = layout;
  if (format === 'f32') return parts[0];
  return apply1(dequantizeOp, weightOperands(parts, layout), { format, shape, group });
}

/** What ops on stored weights read: the parts, but for nf4 codes and the scales [N, K/group] in float32. */
export function weightOperands(
  parts: readonly Tensor[],
  { format, shape, group }: WeightLayout,
): readonly Tensor[] {
  if (format !== 'nf4') return parts;
  const [codes, scaleCodes, scale, offset] = parts;
  const table = constant(SCALE_VALUES, [SCALE_VALUES.length]);
  const values = gather(table, cast(reshape(scaleCodes, [sizeOf(scaleCodes.shape)]), 'int32'));
  const blocks = mul(reshape(values, scaleCodes.shape), reshape(scale, [scale.shape[0], 1]));
  const flat = reshape(add(blocks, offset), [sizeOf(scaleCodes.shape)]);
  const count = sizeOf(shape) / group;
  return [codes, reshape(slice(flat, 0, 0, count), [shape[0], shape[1] / group])];
}

function operandSpecs(layout: WeightLayout): readonly TensorSpec[] {
  const [codes, ...rest] = partSpecs(layout);
  const { format, shape, group } = layout;
  return format === 'nf4'
    ? [codes, { dtype: 'float32', shape: [shape[0], shape[1] / group] }]
    : [codes, ...rest];
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

/** The 4-bit halves of each byte, as float32. */
function halves(codes: Tensor): { high: Tensor; low: Tensor } {
  const bytes = cast(codes, 'float32');
  const high = cast(cast(mul(bytes, scalar(1 / 16)), 'int32'), 'float32');
  return { high, low: sub(bytes, mul(high, scalar(16))) };
}

/** [N, C] twice -> [N, 2C], taking turns. */
function interleave(even: Tensor, odd: Tensor): Tensor {
  const [rows, columns] = even.shape;
  const split = [even, odd].map((x) => reshape(x, [rows, columns, 1]));
  return reshape(concat(split, 2), [rows, 2 * columns]);
}

function scaled(values: Tensor, scales: Tensor, [rows, columns]: Shape, group: number): Tensor {
  const groups = columns / group;
  const product = mul(reshape(values, [rows, groups, group]), reshape(scales, [rows, groups, 1]));
  return reshape(product, [rows, columns]);
}
