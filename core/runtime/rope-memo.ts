import type { HostTensor } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';

/** A model's rotary tables as graph inputs, computed once per length. */
export class RopeMemo {
  private readonly tables = new Map<number, readonly [cos: HostTensor, sin: HostTensor]>();

  constructor(private readonly model: CausalLM) {}

  /** cos and sin, each [length, head_dim / 2] */
  get(length: number): readonly [cos: HostTensor, sin: HostTensor] {
    let held = this.tables.get(length);
    if (!held) {
      const { cos, sin } = this.model.rope(length);
      const table = (data: Float32Array): HostTensor => ({
        dtype: 'float32',
        shape: [length, data.length / length],
        data,
      });
      this.tables.set(length, (held = [table(cos), table(sin)]));
    }
    return held;
  }
}
