import { add, mul, tanh, type Tensor } from '../../graph/index.js';
import { PlainMlp, type FeedForward } from '../feed-forward.js';
import { Module, type Names } from '../module.js';
import { createNorm, type Norm, type NormKind } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type {
  FusedVisionAttention,
  PackedVisionAttention,
  PatchContext,
  SplitVisionAttention,
} from './attention.js';

type Attention = FusedVisionAttention | PackedVisionAttention | SplitVisionAttention;

export interface VisionBlockSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
  /** `layer` when absent. */
  readonly norm?: NormKind;
  /** Where norms stand: before attention and feed-forward when absent, `behind` them (EVA2-CLIP-E), `around` them (Gemma 4), or behind the `sums` (BART). */
  readonly norms?: 'behind' | 'around' | 'sums';
  /** What attention and feed-forward add is weighed by learned vectors (Touvron et al., 2021, arXiv 2103.17239). */
  readonly layer_scale?: boolean;
  /** It is weighed by the tanh of learned numbers. */
  readonly gated?: boolean;
  /** In place of fc2(act(fc1 x)). */
  readonly mlp?: () => FeedForward;
}

/** x + attention(norm x), then x + mlp(norm x), or norms at other places: [N, S, D] -> [N, S, D]. */
export class VisionBlock extends Module {
  readonly norm1: Norm;
  readonly attn: Attention;
  readonly norm2: Norm;
  readonly post_norm1?: Norm;
  readonly post_norm2?: Norm;
  readonly mlp: FeedForward;
  readonly scale1?: Parameter;
  readonly scale2?: Parameter;
  readonly gate1?: Parameter;
  readonly gate2?: Parameter;

  constructor(
    private readonly size: VisionBlockSize,
    attn: Attention,
    names: Names = {},
  ) {
    super();
    const { width, intermediate_size, eps, activation, norm = 'layer', layer_scale, gated, norms } = size;
    this.names = names;
    this.norm1 = createNorm(norm, width, eps);
    this.norm2 = createNorm(norm, width, eps);
    if (norms === 'around')
      [this.post_norm1, this.post_norm2] = [1, 2].map(() => createNorm(norm, width, eps));
    this.attn = attn;
    const plain = { hidden_size: width, intermediate_size, activation, bias: true };
    this.mlp = size.mlp?.() ?? new PlainMlp({ ...plain, names: { up_proj: 'fc1', down_proj: 'fc2' } });
    if (gated) [this.gate1, this.gate2] = [new Parameter([1]), new Parameter([1])];
    if (layer_scale) [this.scale1, this.scale2] = [new Parameter([width]), new Parameter([width])];
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const weighed = (part: Tensor, scale?: Parameter, gate?: Parameter): Tensor => {
      const scaled = scale ? mul(part, scope.param(scale)) : part;
      return gate ? mul(scaled, tanh(scope.param(gate))) : scaled;
    };
    const seen = this.normed(scope, [this.norm1, this.post_norm1], x, (into) =>
      this.attn.forward(scope, into, context),
    );
    const middle = this.summed(scope, this.norm1, add(x, weighed(seen, this.scale1, this.gate1)));
    // A tower's feed-forward is no mixture of experts, and looks at no context.
    const fed = this.normed(
      scope,
      [this.norm2, this.post_norm2],
      middle,
      (into) => this.mlp.forward(scope, into, NO_CONTEXT).hidden,
    );
    return this.summed(scope, this.norm2, add(middle, weighed(fed, this.scale2, this.gate2)));
  }

  /** What a part makes of states, where its norms stand. @param norms its own, and one behind it where norms stand around it */
  private normed(
    scope: Scope,
    [norm, post]: readonly [Norm, Norm?],
    from: Tensor,
    part: (into: Tensor) => Tensor,
  ): Tensor {
    const { norms } = this.size;
    if (norms === 'sums') return part(from);
    if (norms === 'behind') return norm.forward(scope, part(from));
    const out = part(norm.forward(scope, from));
    return post?.forward(scope, out) ?? out;
  }

  private summed(scope: Scope, norm: Norm, sum: Tensor): Tensor {
    return this.size.norms === 'sums' ? norm.forward(scope, sum) : sum;
  }
}

const NO_CONTEXT = undefined as never;
