import type { Batch } from '../contracts/batch.js';

/** Positions whose next token is supervised, with that token. */
export interface SupervisedRows {
  /** Indices into the B·T hidden states. */
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly weights: Float32Array;
}

/** The positions of a batch whose next token is a label, row after row; each with its label and weight. */
export function supervisedRows({ batch, seq, labels, loss_weights }: Batch): SupervisedRows {
  const rows: number[] = [];
  for (let row = 0; row < batch; row++) {
    for (let t = 0; t + 1 < seq; t++) {
      if (labels[row * seq + t + 1] >= 0) rows.push(row * seq + t);
    }
  }
  return {
    rows: Int32Array.from(rows),
    labels: Int32Array.from(rows, (row) => labels[row + 1]),
    weights: Float32Array.from(rows, (row) => loss_weights?.[row + 1] ?? 1),
  };
}
