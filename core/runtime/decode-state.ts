import type { HostTensor } from '../contracts/backend.js';
import { sameShape, sizeOf } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';

/**
 * What every block keeps between the steps of a generation, for rows of up to `capacity` positions: keys and values
 * [B, kvHeads, capacity, width], or the states of a recurrence, which do not grow.
 */
export class DecodeState {
  readonly blocks: HostTensor[][];

  constructor(
    private readonly model: CausalLM,
    readonly batch: number,
    readonly capacity: number,
  ) {
    this.blocks = model.blocks.map((block) =>
      block
        .state(batch, capacity)
        .map((shape) => ({ dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) })),
    );
  }

  /** A larger one with the same contents. */
  grown(capacity: number): DecodeState {
    const grown = new DecodeState(this.model, this.batch, capacity);
    grown.blocks.forEach((tensors, block) =>
      tensors.forEach((target, i) => copyInto(target, this.blocks[block][i])),
    );
    return grown;
  }
}

/** Copies a tensor to the start of one whose third axis may be longer. */
function copyInto(target: HostTensor, source: HostTensor): void {
  const run = sameShape(target.shape, source.shape) ? 0 : 2;
  const [narrow, wide] = [source, target].map(({ shape }) => sizeOf(shape.slice(run)));
  for (let at = 0, to = 0; at < source.data.length; at += narrow, to += wide) {
    (target.data as Float32Array).set((source.data as Float32Array).subarray(at, at + narrow), to);
  }
}
