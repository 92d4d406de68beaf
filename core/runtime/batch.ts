/** Tokens of one forward and backward pass: `batch` rows of `seq` positions, row-major. */
export interface MicroBatch {
  readonly batch: number;
  readonly seq: number;
  readonly input_ids: Int32Array;
  readonly position_ids: Int32Array;
  /** The id itself where supervised, −100 elsewhere; not shifted. */
  readonly labels: Int32Array;
  /** Which packed sample a position belongs to; absent when every row is one sample, padded on the right. */
  readonly segment_ids?: Int32Array;
  /** Weight of each position's cross entropy when predicted; 1 when absent. */
  readonly loss_weights?: Float32Array;
}

/** Positions whose next token is supervised, with that token. */
export interface SupervisedRows {
  /** Indices into the B·T hidden states. */
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly weights: Float32Array;
}

export function supervisedRows({ batch, seq, labels, loss_weights }: MicroBatch): SupervisedRows {
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
