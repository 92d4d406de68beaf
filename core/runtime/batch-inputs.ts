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

  /**
   * Per block: its hidden states and side inputs -> hidden.
   * @param withRouters then, where the block has a router, its probabilities and choices
   */
  blockBodies(withRouters = false): SegmentFunction[] {
    return this.model.blocks.map((block) => (scope, [x, cos, sin, position_ids, mask, real]) => {
      const context = { kind: 'full', cos, sin, position_ids, mask, real } as const;
      const { hidden, router } = block.forward(scope, x, context);
      return withRouters && router ? [hidden, router.probabilities, router.chosen] : [hidden];
    });
  }

  /** Per block, of its hidden states and side inputs. */
  blockSpecs(batch: MicroBatch): TensorSpec[][] {
    const shape = [batch.batch, batch.seq, this.model.shape.hidden_size];
    return this.sideInputs(batch).map((sides) => [{ dtype: 'float32', shape }, ...sides]);
  }

  /** Per block [cos, sin, position_ids, mask, real]; blocks with one view share them. */
  sideInputs(micro: MicroBatch): HostTensor[][] {
    const { batch, seq, position_ids, segment_ids } = micro;
    const real: HostTensor = { dtype: 'float32', shape: [batch, seq], data: realTokens(micro) };
    const positions: HostTensor = { dtype: 'int32', shape: [batch, seq], data: position_ids };
    const used = position_ids.reduce((most, position) => Math.max(most, position), 0) + 1;
    const byView = new Map<string, HostTensor[]>();
    const sides = ({ rope, window }: BlockView): HostTensor[] => {
      const mask = segment_ids ? packedMask(segment_ids, batch, seq, window) : this.causal(seq, window);
      return [...this.rope.get(rope, seq, used), positions, mask, real];
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

/** 1 at tokens, 0 at padding, [B·T]. Padding is on the right of a row and at position 0. */
export function realTokens({ seq, position_ids, segment_ids }: MicroBatch): Float32Array {
  return Float32Array.from(position_ids, (position, i) =>
    (segment_ids ? segment_ids[i] > 0 : position > 0 || i % seq === 0) ? 1 : 0,
  );
}
