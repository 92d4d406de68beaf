import type { HostTensor } from '../contracts/backend.js';
import { sizeOf, type Shape } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';

/**
 * What every block keeps between the steps of a generation, for rows of up to `capacity` positions: keys and values
 * [B, kvHeads, capacity, width], or the states of a recurrence, which do not grow. Zeros at first.
 */
export class DecodeState {
  readonly blocks: HostTensor[][];
  /** Keys and values of features, of blocks that look at such. */
  readonly looks: HostTensor[][];

  /** @param seen rows of features that a row has room for, where blocks look at features */
  constructor(
    model: CausalLM,
    readonly batch: number,
    readonly capacity: number,
    readonly seen = 0,
  ) {
    const zeros = (shape: Shape): HostTensor => ({
      dtype: 'float32',
      shape,
      data: new Float32Array(sizeOf(shape)),
    });
    this.blocks = model.blocks.map((block) => block.state(batch, capacity).map(zeros));
    this.looks = model.blocks.map(({ crossing }) =>
      crossing && seen > 0 ? crossing.state(batch, seen).map(zeros) : [],
    );
  }

  /** Makes row `to` a copy of a row of another state. What does not fit in behind the `length` filled positions is left out. */
  copyRow(to: number, { blocks, looks }: DecodeState, from: number, length: number): void {
    this.blocks.forEach((tensors, block) =>
      tensors.forEach((target, i) => copyRow(target, to, blocks[block][i], from, length)),
    );
    this.looks.forEach((tensors, block) =>
      tensors.forEach((target, i) => {
        const source = looks[block].at(i);
        if (!source) return; // without features before
        copyRow(target, to, source, from, Math.min(target.shape[2], source.shape[2]));
      }),
    );
  }
}

/** Copies a row whole, or, where the third axis has another size, the first `length` of that. */
function copyRow(target: HostTensor, to: number, source: HostTensor, from: number, length: number): void {
  const [wide, narrow] = [target, source].map(({ shape }) => sizeOf(shape.slice(1)));
  const [into, out] = [target.data as Float32Array, source.data as Float32Array];
  if (wide === narrow) {
    into.set(out.subarray(from * narrow, (from + 1) * narrow), to * wide);
    return;
  }
  const [, heads, capacity, width] = target.shape;
  const other = source.shape[2];
  for (let head = 0; head < heads; head++) {
    const start = (from * heads + head) * other * width;
    into.set(out.subarray(start, start + length * width), (to * heads + head) * capacity * width);
  }
}
