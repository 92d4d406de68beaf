/** How weights are held: floats, or codes of few bits under an open description. */
import { shapeError, sizeOf, type Shape, type TensorSpec } from './tensor.js';

/** float32; 16-bit floats, exact for checkpoints that have them. */
export type FloatFormat = 'f32' | 'f16' | 'bf16';

/**
 * Codes of 4 or 8 bits for a weight [N, K], and what makes values of them:
 * `value = ((table ? table[code] : code) − zero) · scale`.
 */
export type CodeFormat = {
  /** What messages call it. */
  readonly name: string;
  /** A code to a byte, or two, the even column's in the low or in the high half. */
  readonly packing: 'int8' | 'uint8' | 'low-nibble' | 'high-nibble';
  /** Columns that share a scale and a zero point; they divide the row. Absent: the row has one. */
  readonly group?: number;
  /** The zero point, or that each group has one of its own. */
  readonly zero: number | 'group';
  /** One float32 per group, or 8 bits that `SCALE_VALUES`, a scale per 256 of them and an offset make one of. */
  readonly scale: 'float32' | 'nested';
  /** The values of the unsigned codes, 16 or 256; absent: a code is its own. */
  readonly table?: readonly number[];
  /** Whether the codes' columns are in an order of their own, so that groups lie together. */
  readonly permuted?: boolean;
};

export type WeightFormat = FloatFormat | CodeFormat;

/** Everything that says how to read a stored weight. */
export interface WeightLayout {
  readonly format: WeightFormat;
  /** Of the float32 weight. Two dimensions for codes. */
  readonly shape: Shape;
}

/** Scales that share a scale of their own, where they are nested. */
export const SCALE_BLOCK = 256;

/** The sixteen values of a 4-bit normal float (Dettmers et al., 2023, appendix E). */
export const NF4_VALUES: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/** int8 with one scale per row. */
export const INT8: CodeFormat = { name: 'int8', packing: 'int8', zero: 0, scale: 'float32' };

/** int4 around 8 with one scale per group of columns. */
export function int4(group: number): CodeFormat {
  return { name: 'int4', packing: 'low-nibble', group, zero: 8, scale: 'float32' };
}

/** The normal float of QLoRA with double quantization, in bitsandbytes' order. */
export function nf4(group: number): CodeFormat {
  return { name: 'nf4', packing: 'high-nibble', group, zero: 0, scale: 'nested', table: NF4_VALUES };
}

export function isCodes(format: WeightFormat): format is CodeFormat {
  return typeof format !== 'string';
}

/** What messages call a format. */
export function formatName(format: WeightFormat): string {
  return isCodes(format) ? format.name : format;
}

export function bitsOf({ packing }: CodeFormat): 4 | 8 {
  return packing === 'int8' || packing === 'uint8' ? 8 : 4;
}

/** Whether these are signed bytes with one scale per row: what 8-bit arithmetic takes. */
export function isInt8(format: WeightFormat): boolean {
  return (
    isCodes(format) &&
    format.packing === 'int8' &&
    format.group === undefined &&
    isPlain(format) &&
    !format.table
  );
}

function isPlain({ zero, scale, permuted }: CodeFormat): boolean {
  return zero === 0 && scale === 'float32' && !permuted;
}

/** Whether the rows of each part are those of the weight, so that some of them can be read alone. */
export function isByRows(format: WeightFormat): boolean {
  return !isCodes(format) || (format.scale === 'float32' && !format.permuted);
}

/**
 * The tensors a weight is stored in, in order.
 * - f32: values. f16, bf16: their bits, uint16.
 * - codes [N, K] in bytes, or [N, K/2] in halves of bytes; then
 *   - the scale, float32 [N, K/group], or [N] without a group; nested: scale codes uint8
 *     [ceil(N·K / group / 256), 256], their scale [that many], offset [1], so that a group's scale is
 *     SCALE_VALUES[scale code] · its scale + offset;
 *   - the zero points, uint8 in the scale's shape, where each group has one;
 *   - the order, int32 [K], where the columns have one: column i of the codes is column order[i] of the weight.
 * @throws Error when the shape and the group do not fit the format
 */
export function partSpecs({ format, shape }: WeightLayout): TensorSpec[] {
  if (format === 'f32') return [{ dtype: 'float32', shape }];
  if (!isCodes(format)) return [{ dtype: 'uint16', shape }];
  const { packing, group, zero, scale, permuted } = format;
  const [rows, columns] = shape;
  const perByte = 8 / bitsOf(format);
  const fits = shape.length === 2 && columns % (group ?? perByte) === 0 && (group ?? columns) % perByte === 0;
  if (!fits)
    throw shapeError(format.name, `[N, K] with K in whole groups of ${group ?? perByte}`, {
      shape,
      dtype: 'float32',
    });
  const grouped = group === undefined ? [rows] : [rows, columns / group];
  return [
    { dtype: packing === 'int8' ? 'int8' : 'uint8', shape: [rows, columns / perByte] },
    ...(scale === 'nested' ? nestedSpecs(sizeOf(grouped)) : [{ dtype: 'float32', shape: grouped } as const]),
    ...(zero === 'group' ? [{ dtype: 'uint8', shape: grouped } as const] : []),
    ...(permuted ? [{ dtype: 'int32', shape: [columns] } as const] : []),
  ];
}

function nestedSpecs(scales: number): TensorSpec[] {
  const blocks = Math.ceil(scales / SCALE_BLOCK);
  return [
    { dtype: 'uint8', shape: [blocks, SCALE_BLOCK] },
    { dtype: 'float32', shape: [blocks] },
    { dtype: 'float32', shape: [1] },
  ];
}
