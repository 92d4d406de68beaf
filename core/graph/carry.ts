import { add } from './ops/add.js';
import { concat } from './ops/concat.js';
import { mul } from './ops/mul.js';
import { reshape } from './ops/reshape.js';
import { slice } from './ops/slice.js';
import type { Tensor } from './tensor.js';

/**
 * Hands a state [B, ...S] from chunk to chunk: what a chunk keeps of it (a factor that broadcasts to the state) and
 * what it adds, both [B·chunks, ...]. Returns the state each chunk starts with, [B·chunks, ...S], and the last one.
 */
export function carry(
  state: Tensor,
  { kept, added }: { kept: Tensor; added: Tensor },
): { starts: Tensor; last: Tensor } {
  const [batch, ...own] = state.shape;
  const chunks = added.shape[0] / batch;
  const ofChunk = (all: Tensor, chunk: number): Tensor =>
    slice(reshape(all, [batch, chunks, ...all.shape.slice(1)]), 1, chunk, chunk + 1);
  const states = [reshape(state, [batch, 1, ...own])];
  for (let chunk = 0; chunk < chunks; chunk++)
    states.push(add(mul(ofChunk(kept, chunk), states[chunk]), ofChunk(added, chunk)));
  return {
    starts: reshape(concat(states.slice(0, -1), 1), added.shape),
    last: reshape(states[chunks], state.shape),
  };
}
