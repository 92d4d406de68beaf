import type { HostTensor } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';

type Tables = readonly [cos: HostTensor, sin: HostTensor];

/** A model's rotary tables as graph inputs, computed once per length, and anew when the model scales by what is used. */
export class RopeMemo {
  private readonly held = new Map<number, { readonly used: number; readonly tables: Tables }>();

  constructor(private readonly model: CausalLM) {}

  /**
   * cos and sin, each [length, head_dim / 2]
   * @param used positions of the longest sequence at hand, at most `length`
   */
  get(length: number, used: number): Tables {
    const effective = Math.max(used, this.model.ropeFixedUntil);
    let entry = this.held.get(length);
    if (entry?.used !== effective) {
      entry = { used: effective, tables: this.compute(length, effective) };
      this.held.set(length, entry);
    }
    return entry.tables;
  }

  private compute(length: number, used: number): Tables {
    const { cos, sin } = this.model.rope(length, used);
    const table = (data: Float32Array): HostTensor => ({
      dtype: 'float32',
      shape: [length, data.length / length],
      data,
    });
    return [table(cos), table(sin)];
  }
}
