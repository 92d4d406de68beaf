import { add, mul, type Tensor } from '../../graph/index.js';
import { PlainMlp, type FeedForward } from '../feed-forward.js';
import { Module, type Names } from '../module.js';
import { createNorm, type Norm, type NormKind } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { FusedVisionAttention, PatchContext, SplitVisionAttention } from './attention.js';

export interface VisionBlockSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
  /** `layer` when absent. */
  readonly norm?: NormKind;
  /** What attention and feed-forward add is weighed by learned vectors (Touvron et al., 2021, arXiv 2103.17239). */
  readonly layer_scale?: boolean;
  /** In place of fc2(act(fc1 x)). */
  readonly mlp?: () => FeedForward;
}

/** x + attention(norm x), then x + mlp(norm x): [N, S, D] -> [N, S, D]. */
export class VisionBlock extends Module {
  readonly norm1: Norm;
  readonly attn: SplitVisionAttention | FusedVisionAttention;
  readonly norm2: Norm;
  readonly mlp: FeedForward;
  readonly scale1?: Parameter;
  readonly scale2?: Parameter;

  constructor(size: VisionBlockSize, attn: SplitVisionAttention | FusedVisionAttention, names: Names = {}) {
    super();
    const { width, intermediate_size, eps, activation, norm = 'layer', layer_scale } = size;
    this.names = names;
    this.norm1 = createNorm(norm, width, eps);
    this.norm2 = createNorm(norm, width, eps);
    this.attn = attn;
    const plain = { hidden_size: width, intermediate_size, activation, bias: true };
    this.mlp = size.mlp?.() ?? new PlainMlp({ ...plain, names: { up_proj: 'fc1', down_proj: 'fc2' } });
    if (!layer_scale) return;
    this.scale1 = new Parameter([width]);
    this.scale2 = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const weighed = (part: Tensor, scale?: Parameter): Tensor =>
      scale ? mul(part, scope.param(scale)) : part;
    const seen = this.attn.forward(scope, this.norm1.forward(scope, x), context);
    const middle = add(x, weighed(seen, this.scale1));
    // A tower's feed-forward is no mixture of experts, and looks at no context.
    const { hidden } = this.mlp.forward(scope, this.norm2.forward(scope, middle), NO_CONTEXT);
    return add(middle, weighed(hidden, this.scale2));
  }
}

const NO_CONTEXT = undefined as never;
