import { add, type Tensor } from '../../graph/index.js';
import { PlainMlp } from '../feed-forward.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import type { Scope } from '../scope.js';
import type { FusedVisionAttention, PatchContext, SplitVisionAttention } from './attention.js';

export interface VisionBlockSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
}

/** x + attention(norm x), then x + mlp(norm x): [N, S, D] -> [N, S, D]. */
export class VisionBlock extends Module {
  readonly norm1: LayerNorm;
  readonly attn: SplitVisionAttention | FusedVisionAttention;
  readonly norm2: LayerNorm;
  readonly mlp: PlainMlp;

  constructor(
    { width, intermediate_size, eps, activation }: VisionBlockSize,
    attn: SplitVisionAttention | FusedVisionAttention,
    names: Names = {},
  ) {
    super();
    this.names = names;
    this.norm1 = new LayerNorm(width, eps);
    this.norm2 = new LayerNorm(width, eps);
    this.attn = attn;
    const size = { hidden_size: width, intermediate_size, activation, bias: true };
    this.mlp = new PlainMlp({ ...size, names: { up_proj: 'fc1', down_proj: 'fc2' } });
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const middle = add(x, this.attn.forward(scope, this.norm1.forward(scope, x), context));
    return add(middle, this.mlp.forward(scope, this.norm2.forward(scope, middle)).hidden);
  }
}
