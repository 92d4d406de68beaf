import type { Batch } from '../contracts/batch.js';
import { supervisedRows } from '../runtime/supervised-rows.js';

/** Of each sequence of a batch, from where to where its tokens lie among the supervised ones. */
export function tokenSpans(batch: Batch): (readonly [start: number, end: number])[] {
  const { rows } = supervisedRows(batch);
  let at = 0;
  return batch.samples.map(({ start, length }) => {
    const first = at;
    while (at < rows.length && rows[at] < start + length) at++;
    return [first, at];
  });
}
