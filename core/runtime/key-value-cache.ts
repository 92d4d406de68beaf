import type { HostTensor } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';

/** Key and value memory of every block for rows of up to `capacity` positions, each [B, kvHeads, capacity, head_dim]. */
export class KeyValueCache {
  readonly blocks: readonly { readonly keys: HostTensor; readonly values: HostTensor }[];

  constructor(
    private readonly model: CausalLM,
    readonly batch: number,
    readonly capacity: number,
  ) {
    const { num_key_value_heads, head_dim } = model.shape;
    const shape = [batch, num_key_value_heads, capacity, head_dim];
    const empty = (): HostTensor => ({
      dtype: 'float32',
      shape,
      data: new Float32Array(batch * num_key_value_heads * capacity * head_dim),
    });
    this.blocks = model.blocks.map(() => ({ keys: empty(), values: empty() }));
  }

  /** A larger cache with the same contents. */
  grown(capacity: number): KeyValueCache {
    const grown = new KeyValueCache(this.model, this.batch, capacity);
    const { head_dim } = this.model.shape;
    const [narrow, wide] = [this.capacity * head_dim, capacity * head_dim];
    grown.blocks.forEach((block, i) => {
      for (const which of ['keys', 'values'] as const) {
        const [source, target] = [this.blocks[i][which].data, block[which].data] as Float32Array[];
        for (let at = 0, to = 0; at < source.length; at += narrow, to += wide) {
          target.set(source.subarray(at, at + narrow), to);
        }
      }
    });
    return grown;
  }
}
