import type { HostTensor } from '../contracts/backend.js';
import { reshape, type TensorSpec } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import { causalMask, packedMask } from './attention-mask.js';
import type { MicroBatch } from './batch.js';
import type { SegmentFunction } from './segment.js';

/** Segment functions of a model for batches of one shape, and the side inputs that every block reads. */
export class BatchInputs {
  private readonly tables = new Map<number, { cos: HostTensor; sin: HostTensor; mask: HostTensor }>();

  constructor(private readonly model: CausalLM) {}

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
    const { cos, sin, mask } = this.tablesFor(seq);
    const positions: HostTensor = { dtype: 'int32', shape: [batch, seq], data: position_ids };
    return [cos, sin, positions, segment_ids ? packedMask(segment_ids, batch, seq) : mask];
  }

  private tablesFor(length: number): { cos: HostTensor; sin: HostTensor; mask: HostTensor } {
    let held = this.tables.get(length);
    if (!held) {
      const { cos, sin } = this.model.rope(length);
      const table = (data: Float32Array): HostTensor => ({
        dtype: 'float32',
        shape: [length, data.length / length],
        data,
      });
      this.tables.set(length, (held = { cos: table(cos), sin: table(sin), mask: causalMask(length) }));
    }
    return held;
  }
}
