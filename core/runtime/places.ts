import type { Batch, SampleSpan } from '../contracts/batch.js';
import { isOfSequence, type CausalLM, type ReadingName } from '../nn/index.js';
import { supervisedRows } from './supervised-rows.js';

/** Where a reading of a batch is: at its supervised tokens; or, for each sequence in its order, at the places of `sequencePlaces`. */
export function placesOf(model: CausalLM, batch: Batch, name: ReadingName): readonly SampleSpan[] {
  if (isOfSequence(name))
    return batch.samples.flatMap((sample) => sequencePlaces(model, batch, sample, name));
  return Array.from(supervisedRows(batch).rows, (start) => ({ start, length: 1 }));
}

/** One, but for a model that scores steps: as many as the sequence has. */
export function sequencePlaces(
  { reads, pools, mark_ids }: CausalLM,
  { input_ids }: Batch,
  { start, length }: SampleSpan,
  name: ReadingName,
): readonly SampleSpan[] {
  const at = name === 'score' ? reads : pools;
  if (at === 'mean') return [{ start, length }];
  if (at === 'first') return [{ start, length: 1 }];
  if (at === 'last') return [{ start: start + length - 1, length: 1 }];
  const mark = mark_ids.get(at.token);
  const positions = Array.from({ length }, (_, i) => start + i).filter((i) => input_ids[i] === mark);
  return positions.map((position) => ({ start: position, length: 1 }));
}
