import { add, attention, mul, reshape, tanh, type Shape, type Tensor } from '../graph/index.js';
import { Block, type BlockOutput, type CrossContext, type Crossing } from './causal-lm.js';
import { GatedMlp } from './feed-forward.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import { createNorm, HeadRmsNorm, type Norm } from './norm.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';
import type { DecoderTraits } from './traits.js';

/** Attention of tokens to features, without positions; queries and keys are normed by head. */
class CrossAttention extends Module {
  q_proj: LinearLike;
  k_proj: LinearLike;
  v_proj: LinearLike;
  o_proj: LinearLike;
  readonly q_norm: Norm;
  readonly k_norm: Norm;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, head_dim, norm_eps } = traits;
    const { num_attention_heads: heads, num_key_value_heads: kvHeads } = traits;
    const project = (count: number): Linear => new Linear(hidden_size, count * head_dim);
    this.q_proj = project(heads);
    this.k_proj = project(kvHeads);
    this.v_proj = project(kvHeads);
    this.o_proj = new Linear(heads * head_dim, hidden_size);
    this.q_norm = new HeadRmsNorm(head_dim, norm_eps);
    this.k_norm = new HeadRmsNorm(head_dim, norm_eps);
  }

  /** [B, S, D] -> [B, S, K·hd] each */
  keysAndValues(scope: Scope, features: Tensor): readonly [keys: Tensor, values: Tensor] {
    const keys = this.k_norm.forward(scope, this.k_proj.forward(scope, features));
    return [keys, this.v_proj.forward(scope, features)];
  }

  forward(scope: Scope, x: Tensor, { keys, values, mask }: CrossContext): Tensor {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const q = this.q_norm.forward(scope, this.q_proj.forward(scope, x));
    const options = { heads, kvHeads, scale: head_dim ** -0.5, causal: false };
    return this.o_proj.forward(scope, attention(q, keys, values, mask, options));
  }
}

/**
 * A block whose tokens attend to features of media, not to each other, and whose branches have gates (Llama 3.2 Vision; Flamingo's idea,
 * Alayrac et al., 2022, arXiv 2204.14198): x + tanh(g)·attention(norm x), then x + tanh(h)·mlp(norm x). Gates begin at 0.
 */
export class CrossBlock extends Block {
  readonly input_layernorm: Norm;
  readonly cross_attn: CrossAttention;
  readonly cross_attn_attn_gate: Parameter;
  readonly post_attention_layernorm: Norm;
  readonly mlp: GatedMlp;
  readonly cross_attn_mlp_gate: Parameter;
  override readonly crossing: Crossing;
  readonly recurrent = false;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, intermediate_size, norm_eps, activation } = traits;
    const norm = (): Norm => createNorm('rms', hidden_size, norm_eps);
    this.input_layernorm = norm();
    this.cross_attn = new CrossAttention(traits);
    this.cross_attn_attn_gate = new Parameter([1]);
    this.post_attention_layernorm = norm();
    this.mlp = new GatedMlp({ hidden_size, intermediate_size, activation: activation! });
    this.cross_attn_mlp_gate = new Parameter([1]);
    this.crossing = {
      keysAndValues: (scope, features) => this.cross_attn.keysAndValues(scope, features),
      attend: (scope, hidden, context) => this.attend(scope, hidden, context),
    };
  }

  forward(): BlockOutput {
    throw new Error('this block looks at features: see `crossing`');
  }

  /** @param capacity rows of features that there is room for */
  state(batch: number, capacity: number): readonly Shape[] {
    const { num_key_value_heads: kvHeads, head_dim } = this.traits;
    const shape = [batch, 1, capacity, kvHeads * head_dim];
    return [shape, shape];
  }

  private attend(scope: Scope, hidden: Tensor, context: CrossContext): Tensor {
    const gated = (branch: Tensor, gate: Parameter, share: Tensor): Tensor =>
      mul(mul(branch, tanh(scope.param(gate))), reshape(share, [...share.shape, 1]));
    const seen = this.cross_attn.forward(scope, this.input_layernorm.forward(scope, hidden), context);
    const middle = add(hidden, gated(seen, this.cross_attn_attn_gate, context.attends));
    const { hidden: fed } = this.mlp.forward(scope, this.post_attention_layernorm.forward(scope, middle));
    return add(middle, gated(fed, this.cross_attn_mlp_gate, context.feeds));
  }
}
