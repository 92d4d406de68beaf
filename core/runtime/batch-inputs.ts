import type { HostTensor } from '../contracts/backend.js';
import { reshape, type TensorSpec } from '../graph/index.js';
import type { BlockView, CausalLM } from '../nn/index.js';
import { causalMask, packedMask } from './attention-mask.js';
import type { MicroBatch } from './batch.js';
import { RopeMemo } from './rope-memo.js';
import type { SegmentFunction } from './segment.js';

/** Segment functions of a model for batches of one shape, and the side inputs that every block reads. */
export class BatchInputs {
  private readonly rope: RopeMemo;
  private readonly causalMasks = new Map<string, HostTensor>();

  constructor(private readonly model: CausalLM) {
    this.rope = new RopeMemo(model);
  }

  /** What one compiled plan serves. */
  shapeKey({ batch, seq, segment_ids }: MicroBatch): string {
    return `${batch}x${seq}${segment_ids ? ':packed' : ''}`;
  }

  /** ids and positions [B·T] -> hidden [B, T, D] */
  embedBody({ batch, seq }: MicroBatch): SegmentFunction {
    return (scope, [ids, positions]) => [
      reshape(this.model.embed(scope, ids, positions), [batch, seq, this.model.shape.hidden_size]),
    ];
  }

  /** [ids, positions] */
  embedInputs({ batch, seq, input_ids, position_ids }: MicroBatch): HostTensor[] {
    const column = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [batch * seq], data });
    return [column(input_ids), column(position_ids)];
  }

  /** [hidden, cos, sin, position_ids, mask] -> hidden, per block */
  blockBodies(): SegmentFunction[] {
    return this.model.blocks.map((block) => (scope, [hidden, cos, sin, position_ids, mask]) => [
      block.forward(scope, hidden, { kind: 'full', cos, sin, position_ids, mask }).hidden,
    ]);
  }

  /** Per block, of its hidden states and side inputs. */
  blockSpecs(batch: MicroBatch): TensorSpec[][] {
    const shape = [batch.batch, batch.seq, this.model.shape.hidden_size];
    return this.sideInputs(batch).map((sides) => [{ dtype: 'float32', shape }, ...sides]);
  }

  /** Per block [cos, sin, position_ids, mask]; blocks with one view share them. */
  sideInputs({ batch, seq, position_ids, segment_ids }: MicroBatch): HostTensor[][] {
    const positions: HostTensor = { dtype: 'int32', shape: [batch, seq], data: position_ids };
    const used = position_ids.reduce((most, position) => Math.max(most, position), 0) + 1;
    const byView = new Map<string, HostTensor[]>();
    const sides = ({ rope, window }: BlockView): HostTensor[] => {
      const mask = segment_ids ? packedMask(segment_ids, batch, seq, window) : this.causal(seq, window);
      return [...this.rope.get(rope, seq, used), positions, mask];
    };
    return this.model.blocks.map(({ view }) => {
      const key = `${view.rope}:${view.window}`;
      let own = byView.get(key);
      if (!own) byView.set(key, (own = sides(view)));
      return own;
    });
  }

  private causal(length: number, window?: number): HostTensor {
    const key = `${length}:${window}`;
    let mask = this.causalMasks.get(key);
    if (!mask) this.causalMasks.set(key, (mask = causalMask(length, window)));
    return mask;
  }
}
