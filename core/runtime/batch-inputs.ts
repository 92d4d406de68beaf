import type { HostTensor } from '../contracts/backend.js';
import { reshape, type TensorSpec } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import { causalMask, packedMask } from './attention-mask.js';
import type { MicroBatch } from './batch.js';
import { RopeMemo } from './rope-memo.js';
import type { SegmentFunction } from './segment.js';

/** Segment functions of a model for batches of one shape, and the side inputs that every block reads. */
export class BatchInputs {
  private readonly rope: RopeMemo;
  private readonly causalMasks = new Map<number, HostTensor>();

  constructor(private readonly model: CausalLM) {
    this.rope = new RopeMemo(model);
  }

  /** What one compiled plan serves. */
  shapeKey({ batch, seq, segment_ids }: MicroBatch): string {
    return `${batch}x${seq}${segment_ids ? ':packed' : ''}`;
  }

  /** ids [B·T] -> hidden [B, T, D] */
  embedBody({ batch, seq }: MicroBatch): SegmentFunction {
    return (scope, [ids]) => [
      reshape(this.model.embed(scope, ids), [batch, seq, this.model.shape.hidden_size]),
    ];
  }

  embedSpecs({ batch, seq }: MicroBatch): TensorSpec[] {
    return [{ dtype: 'int32', shape: [batch * seq] }];
  }

  /** [hidden, cos, sin, position_ids, mask] -> hidden, per block */
  blockBodies(): SegmentFunction[] {
    return this.model.blocks.map((block) => (scope, [hidden, cos, sin, position_ids, mask]) => [
      block.forward(scope, hidden, { kind: 'full', cos, sin, position_ids, mask }).hidden,
    ]);
  }

  blockSpecs(batch: MicroBatch): TensorSpec[] {
    const hidden = [batch.batch, batch.seq, this.model.shape.hidden_size];
    return [{ dtype: 'float32', shape: hidden }, ...this.sideInputs(batch)];
  }

  ids({ batch, seq, input_ids }: MicroBatch): HostTensor {
    return { dtype: 'int32', shape: [batch * seq], data: input_ids };
  }

  /** [cos, sin, position_ids, mask] */
  sideInputs({ batch, seq, position_ids, segment_ids }: MicroBatch): HostTensor[] {
    const positions: HostTensor = { dtype: 'int32', shape: [batch, seq], data: position_ids };
    const mask = segment_ids ? packedMask(segment_ids, batch, seq) : this.causal(seq);
    const used = position_ids.reduce((most, position) => Math.max(most, position), 0) + 1;
    return [...this.rope.get(seq, used), positions, mask];
  }

  private causal(length: number): HostTensor {
    let mask = this.causalMasks.get(length);
    if (!mask) this.causalMasks.set(length, (mask = causalMask(length)));
    return mask;
  }
}
