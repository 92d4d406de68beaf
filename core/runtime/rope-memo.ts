import type { HostTensor } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';

/** [positions, dims / 2] each. */
export type Tables = readonly [cos: HostTensor, sin: HostTensor];

/** A model's rotary tables as graph inputs, computed once per length, and anew when the model scales by what is used. */
export class RopeMemo {
  private readonly held = new Map<string, { readonly basis: number; readonly tables: Tables }>();

  constructor(private readonly model: CausalLM) {}

  /**
   * cos and sin, each [length, dims / 2]
   * @param which of the model's tables
   * @param used positions of the longest sequence at hand, at most `length`
   */
  get(which: number, length: number, used: number): Tables {
    const key = `${which}:${length}`;
    const basis = this.model.ropeBasis(which, used);
    let entry = this.held.get(key);
    if (entry?.basis !== basis) {
      entry = { basis, tables: this.compute(which, length, used) };
      this.held.set(key, entry);
    }
    return entry.tables;
  }

  private compute(which: number, length: number, used: number): Tables {
    const { cos, sin } = this.model.rope(which, length, used);
    const table = (data: Float32Array): HostTensor => ({
      dtype: 'float32',
      shape: [length, data.length / length],
      data,
    });
    return [table(cos), table(sin)];
  }
}
