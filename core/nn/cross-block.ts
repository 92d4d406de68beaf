import { add, attention, mul, reshape, tanh, type Shape, type Tensor } from '../graph/index.js';
import { featureState } from './attention.js';
import { Block, type BlockOutput, type CrossContext, type Crossing } from './causal-lm.js';
import { createMlp, DecoderBlock } from './decoder-block.js';
import type { FeedForward } from './feed-forward.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import { createNorm, HeadRmsNorm, type Norm } from './norm.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';
import type { DecoderTraits } from './traits.js';

/** Attention of tokens to features, without positions. */
class CrossAttention extends Module {
  q_proj: LinearLike;
  k_proj: LinearLike;
  v_proj: LinearLike;
  o_proj: LinearLike;
  /** Queries and keys are normed by head. */
  readonly q_norm?: Norm;
  readonly k_norm?: Norm;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, head_dim, norm_eps, bias, crosses, names = {} } = traits;
    const { num_attention_heads: heads, num_key_value_heads: kvHeads } = traits;
    this.names = names;
    const project = (count: number, has = bias.qkv): Linear =>
      new Linear(hidden_size, count * head_dim, { bias: has });
    this.q_proj = project(heads);
    this.k_proj = project(kvHeads, bias.key);
    this.v_proj = project(kvHeads);
    this.o_proj = new Linear(heads * head_dim, hidden_size, { bias: bias.o });
    if (crosses === 'every') return;
    this.q_norm = new HeadRmsNorm(head_dim, norm_eps);
    this.k_norm = new HeadRmsNorm(head_dim, norm_eps);
  }

  /** [B, S, D] -> [B, S, K·hd] each */
  keysAndValues(scope: Scope, features: Tensor): readonly [keys: Tensor, values: Tensor] {
    const keys = this.k_proj.forward(scope, features);
    return [this.k_norm?.forward(scope, keys) ?? keys, this.v_proj.forward(scope, features)];
  }

  forward(scope: Scope, x: Tensor, { keys, values, mask }: CrossContext): Tensor {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const q = this.q_proj.forward(scope, x);
    const options = { heads, kvHeads, scale: head_dim ** -0.5, causal: false };
    const seen = attention(this.q_norm?.forward(scope, q) ?? q, keys, values, mask, options);
    return this.o_proj.forward(scope, seen);
  }
}

/**
 * A block whose tokens attend to features of media, not to each other: x + attention(norm x), then x + mlp(norm x); or, by the placement
 * `post-sum`, norm(x + attention(x)), then norm(x + mlp(x)). Where only some
 * layers do (Llama 3.2 Vision; Flamingo's idea, Alayrac et al., 2022, arXiv 2204.14198), the tanh of a learned number weighs
 * either branch; it begins at 0.
 */
export class CrossBlock extends Block {
  readonly cross_layernorm: Norm;
  readonly cross_attn: CrossAttention;
  readonly cross_attn_attn_gate?: Parameter;
  readonly post_attention_layernorm: Norm;
  readonly mlp: FeedForward;
  readonly cross_attn_mlp_gate?: Parameter;
  override readonly crossing: Crossing;
  readonly recurrent = false;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, norm_eps, norm = 'rms', crosses, names } = traits;
    this.names = { cross_layernorm: 'input_layernorm', ...names };
    this.cross_layernorm = createNorm(norm, hidden_size, norm_eps);
    this.cross_attn = new CrossAttention(traits);
    this.post_attention_layernorm = createNorm(norm, hidden_size, norm_eps);
    this.mlp = createMlp(traits);
    if (crosses !== 'every') {
      this.cross_attn_attn_gate = new Parameter([1]);
      this.cross_attn_mlp_gate = new Parameter([1]);
    }
    this.crossing = {
      keysAndValues: (scope, features) => this.cross_attn.keysAndValues(scope, features),
      attend: (scope, hidden, context) => this.attend(scope, hidden, context),
      state: (batch, rows) => featureState(traits, batch, rows),
    };
  }

  forward(): BlockOutput {
    throw new Error('this block looks at features: see `crossing`');
  }

  /** It keeps nothing of tokens. */
  state(): readonly Shape[] {
    return [];
  }

  private attend(scope: Scope, hidden: Tensor, context: CrossContext): Tensor {
    const weighed = (branch: Tensor, share: Tensor, gate?: Parameter): Tensor => {
      const gated = gate ? mul(branch, tanh(scope.param(gate))) : branch;
      return mul(gated, reshape(share, [...share.shape, 1]));
    };
    const { cross_layernorm: first, post_attention_layernorm: second } = this;
    const isAfter = this.traits.placement === 'post-sum';
    const before = (norm: Norm, x: Tensor): Tensor => (isAfter ? x : norm.forward(scope, x));
    const behind = (norm: Norm, x: Tensor): Tensor => (isAfter ? norm.forward(scope, x) : x);
    const seen = this.cross_attn.forward(scope, before(first, hidden), context);
    const middle = behind(first, add(hidden, weighed(seen, context.attends, this.cross_attn_attn_gate)));
    // Its feed-forward is no mixture of experts, and looks at no context.
    const { hidden: fed } = this.mlp.forward(scope, before(second, middle), NO_CONTEXT);
    return behind(second, add(middle, weighed(fed, context.feeds, this.cross_attn_mlp_gate)));
  }
}

const NO_CONTEXT = undefined as never;

/** A layer of an encoder-decoder (Vaswani et al., 2017): tokens attend to each other, then to what the encoder made of media. */
export class CrossedLayer extends Module {
  readonly among: DecoderBlock;
  readonly across: CrossBlock;

  constructor(traits: DecoderTraits, layer: number) {
    super();
    this.names = { among: '', across: '' };
    const placement = traits.placement === 'post-sum' ? 'mixer-sum' : 'mixer';
    this.among = new DecoderBlock({ ...traits, placement }, layer);
    this.across = new CrossBlock(traits);
  }

  get blocks(): readonly Block[] {
    return [this.among, this.across];
  }
}
