/** Formats that are measured, by the names the bench gives them. */
import { INT8, int4, nf4, type CodeFormat, type WeightFormat } from '../../core/graph/index.js';

/** As GPTQ checkpoints are held, a zero point per group; groups of 64, for no 128 divides a row of the smallest shape. */
const GPTQ: CodeFormat = { ...int4(64), name: 'gptq int4', zero: 'group' };

export const FORMATS = {
  f32: 'f32',
  f16: 'f16',
  bf16: 'bf16',
  int8: INT8,
  int4: int4(64),
  nf4: nf4(64),
  gptq: GPTQ,
  'gptq-desc-act': { ...GPTQ, permuted: true },
} as const satisfies Readonly<Record<string, WeightFormat>>;

export type FormatName = keyof typeof FORMATS;

/** What embedding and head are held in beside blocks in a format; beside GPTQ's as beside int4, to compare the blocks. */
export function tableFormat(name: FormatName): WeightFormat {
  if (name === 'nf4') return 'bf16';
  return name === 'int4' || name.startsWith('gptq') ? INT8 : FORMATS[name];
}
