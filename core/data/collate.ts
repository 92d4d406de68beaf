import type { Batch, SampleSpan } from '../contracts/batch.js';
import { IGNORE_INDEX } from '../contracts/template.js';
import type { Sample } from '../contracts/template.js';

export interface CollateOptions {
  /** Positions per row, at least the longest row; a bucket. */
  readonly seq: number;
  /** Stands at padding. Padding is known by its position, so this may be EOS. */
  readonly pad_token_id: number;
  /** Writes segment_ids even where each row holds one sample, so that all batches of a run look alike. */
  readonly packed?: boolean;
}

/**
 * Lays samples out as a batch; each row is a list of samples, one unless packed. The loss predicts position t + 1
 * from t; the first label of each sample is cleared, so nothing is predicted across a sample boundary.
 */
export function collate(rows: readonly (readonly Sample[])[], options: CollateOptions): Batch {
  const { seq, pad_token_id, packed = rows.some((row) => row.length > 1) } = options;
  const size = rows.length * seq;
  const input_ids = new Int32Array(size).fill(pad_token_id);
  const labels = new Int32Array(size).fill(IGNORE_INDEX);
  const position_ids = new Int32Array(size);
  const segment_ids = new Int32Array(size);
  const weighted = rows.some((row) => row.some(({ loss_scale }) => loss_scale !== undefined));
  const loss_weights = weighted ? new Float32Array(size).fill(1) : undefined;
  const samples: SampleSpan[] = [];
  const media = rows.flat().map((sample) => sample.media);
  rows.forEach((row, r) => {
    let at = r * seq;
    row.forEach((sample, s) => {
      const length = sample.input_ids.length;
      if (at + length > (r + 1) * seq) throw new RangeError(`row ${r} does not fit into ${seq} positions`);
      input_ids.set(sample.input_ids, at);
      labels.set(sample.labels, at);
      labels[at] = IGNORE_INDEX;
      segment_ids.fill(s + 1, at, at + length);
      for (let t = 0; t < length; t++) position_ids[at + t] = t;
      if (sample.loss_scale) loss_weights?.set(sample.loss_scale, at);
      samples.push({ start: at, length });
      at += length;
    });
  });
  return {
    batch: rows.length,
    seq,
    input_ids,
    labels,
    position_ids,
    samples,
    ...(packed ? { segment_ids } : {}),
    ...(loss_weights ? { loss_weights } : {}),
    ...(media.some((one) => one !== undefined) ? { media } : {}),
  };
}
