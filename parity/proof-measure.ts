/** The gradient proof as rows of numbers, for docs/PARITY.md. */
import type { Backend } from '../core/contracts/backend.js';
import { decodeDistance, decodeTolerance, DECODE_TOLERANCE } from './proof-decode.js';
import { fullProof, HEADS, loraProof, type ProofHead } from './proof-model.js';
import { EXACT_FORMATS, proofDistances, proofGradients } from './proof.js';

/** A name, then the numbers of the tied head and those of the untied one. */
type Row = readonly [string, ...number[]];

export interface ProofRows {
  /** Loss and gradients computed in float32. */
  readonly exact: readonly Row[];
  /** 1 − cosine of gradients through 8-bit products. */
  readonly rounded: readonly Row[];
  /** Logits of packed weights. */
  readonly packed: readonly Row[];
}

export async function measureProof(backend: Backend): Promise<ProofRows> {
  const residuals = 'save' as const;
  const row = async (name: string, measure: (head: ProofHead) => Promise<number[]>): Promise<Row> => {
    const numbers: number[] = [];
    for (const head of HEADS) numbers.push(...(await measure(head)));
    return [name, ...numbers];
  };
  const exact = async (id: 'full' | (typeof EXACT_FORMATS)[number], head: ProofHead): Promise<number[]> => {
    const model = await (id === 'full' ? fullProof(head) : loraProof(id, head));
    const computed = await proofGradients(model, backend, { residuals });
    const { loss, gradients } = await proofDistances(computed, `${id}-${head}`);
    return [loss, gradients];
  };
  const rounded = async (head: ProofHead): Promise<number[]> => {
    const model = await loraProof('int8-w8a8', head);
    const computed = await proofGradients(model, backend, { residuals, precision: 'int8' });
    return [1 - (await proofDistances(computed, `int8-w8a8-${head}`)).cosine];
  };
  const rows: { exact: Row[]; packed: Row[] } = { exact: [], packed: [] };
  rows.exact.push(await row('every parameter, f32', (head) => exact('full', head)));
  for (const format of EXACT_FORMATS) {
    rows.exact.push(await row(`LoRA, ${format}`, (head) => exact(format, head)));
    if (decodeTolerance(format) === DECODE_TOLERANCE.packed)
      rows.packed.push(await row(format, async (head) => [await decodeDistance(format, head, backend)]));
  }
  return { ...rows, rounded: [await row('LoRA, int8, codes up to 64', rounded)] };
}
