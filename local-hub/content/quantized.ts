/** Weights rounded to int4 and laid out as published GPTQ and AWQ checkpoints have them. */
import type { TensorToWrite } from '../../core/io/safetensors/write.js';

export type Layout = 'gptq' | 'awq';

/** A matrix [rows, columns] of float32. */
interface Matrix {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const GROUP = 128;
/** Which of eight columns the i-th half-byte of an AWQ word holds. */
const AWQ_COLUMNS = [0, 2, 4, 6, 1, 3, 5, 7];

/** What `quantization_config` says of such a checkpoint. */
export const QUANTIZATION: Readonly<Record<Layout, object>> = {
  gptq: {
    bits: 4,
    damp_percent: 0.01,
    desc_act: false,
    group_size: GROUP,
    modules_in_block_to_quantize: null,
    quant_method: 'gptq',
    sym: true,
    true_sequential: true,
  },
  awq: {
    bits: 4,
    group_size: GROUP,
    modules_to_not_convert: null,
    quant_method: 'awq',
    version: 'gemm',
    zero_point: true,
  },
};

/** Around 8, with a scale per group of inputs. */
export function quantized({ name, shape: [rows, columns], data }: Matrix, layout: Layout): TensorToWrite[] {
  const groups = columns / GROUP;
  const scales = new Float32Array(groups * rows);
  const codes = new Uint8Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < groups; group++) {
      const start = row * columns + group * GROUP;
      const part = data.subarray(start, start + GROUP);
      const scale = part.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-5) / 7;
      scales[group * rows + row] = scale;
      part.forEach((value, i) => (codes[start + i] = Math.round(value / scale) + 8));
    }
  }
  const stem = name.replace(/weight$/, '');
  const words =
    layout === 'gptq'
      ? packed([columns / 8, rows], (k, n, i) => codes[n * columns + 8 * k + i])
      : packed([columns, rows / 8], (k, n, i) => codes[(8 * n + AWQ_COLUMNS[i]) * columns + k]);
  const zeros = packed([groups, rows / 8], () => (layout === 'gptq' ? 7 : 8));
  return [
    { name: `${stem}qweight`, dtype: 'I32', ...words },
    { name: `${stem}qzeros`, dtype: 'I32', ...zeros },
    { name: `${stem}scales`, dtype: 'F16', shape: [groups, rows], data: scales },
    ...(layout === 'gptq' ? [groupIndex(`${stem}g_idx`, columns)] : []),
  ];
}

/** Words of eight half-bytes, the first lowest. */
function packed(
  shape: readonly [number, number],
  code: (row: number, column: number, i: number) => number,
): { readonly shape: readonly number[]; readonly data: Int32Array } {
  const [rows, columns] = shape;
  const data = Int32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let word = 0;
    for (let i = 0; i < 8; i++) word |= code(row, column, i) << (4 * i);
    return word;
  });
  return { shape, data };
}

function groupIndex(name: string, columns: number): TensorToWrite {
  const data = Int32Array.from({ length: columns }, (_, column) => Math.floor(column / GROUP));
  return { name, dtype: 'I32', shape: [columns], data };
}
