/** Formats that are measured, by the names the bench gives them. */
import { INT8, int4, nf4, type CodeFormat, type WeightFormat } from '../../core/graph/index.js';

/** As GPTQ checkpoints are held: groups of 128 with a zero point each. */
const GPTQ: CodeFormat = { ...int4(128), name: 'gptq int4', zero: 'group' };

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

/** What embedding and head are held in beside blocks in a format. */
export function tableFormat(name: FormatName): WeightFormat {
  if (name === 'nf4' || name.startsWith('gptq')) return 'bf16';
  return name === 'int4' ? INT8 : FORMATS[name];
}
