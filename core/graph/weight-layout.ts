import { shapeError, sizeOf, type Shape, type TensorSpec } from './tensor.js';

/**
 * How a weight's values are held: float32; 16-bit floats, exact for checkpoints that have them; int8 with one scale
 * per row; int4 with one scale per group of columns; nf4, the normal float of QLoRA with double quantization.
 */
export const WEIGHT_FORMATS = ['f32', 'f16', 'bf16', 'int8', 'int4', 'nf4'] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Everything that says how to read a stored weight. */
export interface WeightLayout {
  readonly format: WeightFormat;
  /** Of the float32 weight. Two dimensions for int8, int4 and nf4. */
  readonly shape: Shape;
  /** Columns that share a scale, for int4 and nf4; they divide the row. */
  readonly group: number;
}

/** Scales that share a scale of their own, for nf4. */
export const SCALE_BLOCK = 256;

/** The sixteen values of a 4-bit normal float (Dettmers et al., 2023, appendix E). */
export const NF4_VALUES: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/**
 * The tensors a weight is stored in, in order.
 * - f32: values. f16, bf16: their bits, uint16.
 * - int8: codes int8 [N, K], scale [N]; value = code · scale.
 * - int4: codes uint8 [N, K/2], the even column in the low half, scale [N, K/group]; value = (code − 8) · scale.
 * - nf4: codes uint8 [N, K/2], the even column in the high half (bitsandbytes' order), scale codes uint8
 *   [ceil(N·K / group / 256), 256], their scale [that many], offset [1];
 *   value = NF4_VALUES[code] · (SCALE_VALUES[scale code] · its scale + offset).
 * @throws Error when the shape and group do not fit the format
 */
export function partSpecs(layout: WeightLayout): TensorSpec[] {
  const { format, shape, group } = layout;
  if (format === 'f32') return [{ dtype: 'float32', shape }];
  if (format === 'f16' || format === 'bf16') return [{ dtype: 'uint16', shape }];
  const [rows, columns] = shape;
  const wanted = format === 'int8' ? 1 : group;
  if (shape.length !== 2 || columns % wanted !== 0 || (format !== 'int8' && group % 2 !== 0))
    throw shapeError(format, `[N, K] with K in whole groups of ${wanted}`, { shape, dtype: 'float32' });
  if (format === 'int8') {
    return [
      { dtype: 'int8', shape },
      { dtype: 'float32', shape: [rows] },
    ];
  }
  const codes: TensorSpec = { dtype: 'uint8', shape: [rows, columns / 2] };
  if (format === 'int4') return [codes, { dtype: 'float32', shape: [rows, columns / group] }];
  const blocks = Math.ceil(sizeOf(shape) / group / SCALE_BLOCK);
  return [
    codes,
    { dtype: 'uint8', shape: [blocks, SCALE_BLOCK] },
    { dtype: 'float32', shape: [blocks] },
    { dtype: 'float32', shape: [1] },
  ];
}
