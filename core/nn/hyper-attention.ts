import {
  add,
  attention,
  concat,
  expand,
  mul,
  reshape,
  rope,
  sigmoid,
  sub,
  type Tensor,
} from '../graph/index.js';
import { Attention, byGroup, type SelfAttended } from './attention.js';
import type { CrossContext, FeaturePositions } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import type { Scope } from './scope.js';
import type { DecoderTraits } from './traits.js';

/**
 * Hyper Attention (mPLUG-Owl3; Ye et al., 2024, arXiv 2408.04840): the queries by which tokens look at each other look at features of
 * media too. Keys of features turn by the position from which their medium is seen.
 */
export abstract class HyperAttention extends Attention {
  /** See `Crossing`. */
  abstract readonly seen_from: number;
  /** For each head of keys, the key and the value of features. */
  v_kv_proj: LinearLike;

  constructor(traits: DecoderTraits, layer: number) {
    super(traits, layer);
    const { hidden_size, num_key_value_heads: kvHeads, head_dim } = traits;
    this.v_kv_proj = new Linear(hidden_size, 2 * kvHeads * head_dim, { bias: true });
  }

  /** Normed features [B, S, D] -> [B, S, K·hd] each */
  keysAndValues(
    scope: Scope,
    features: Tensor,
    { cos, sin, position_ids }: FeaturePositions,
  ): readonly [keys: Tensor, values: Tensor] {
    const { num_key_value_heads: heads, head_dim } = this.traits;
    const [keys, values] = byGroup(this.v_kv_proj.forward(scope, features), heads, [1, 1], head_dim);
    // Each feature is a row of its own here: kernels turn no row that is longer than the tables, and features may outnumber positions.
    const [batch, rows, width] = keys.shape;
    const [apart, places] = [
      reshape(keys, [batch * rows, 1, width]),
      reshape(position_ids, [batch * rows, 1]),
    ];
    return [reshape(rope(apart, cos, sin, places, { heads }), keys.shape), values];
  }

  /** [B, T, H·hd] */
  protected look(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor): Tensor {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    return attention(q, keys, values, mask, { heads, kvHeads, scale: head_dim ** -0.5, causal: false });
  }
}

/**
 * What tokens see of features g mixes into what they see of each other, o + g · (f − o); g is the sigmoid of a layer over o, one for all
 * heads. A token sees the media before it; where there are none, o stays as it is.
 */
export class GatedHyperAttention extends HyperAttention {
  readonly seen_from = 1;
  gate_proj: LinearLike;

  constructor(traits: DecoderTraits, layer: number) {
    super(traits, layer);
    this.names = { ...this.names, gate_proj: 'gate_proj.0' };
    this.gate_proj = new Linear(traits.head_dim, traits.head_dim, { bias: true });
  }

  protected override beside(scope: Scope, { out, q }: SelfAttended, cross: CrossContext): Tensor {
    const { num_attention_heads: heads, head_dim } = this.traits;
    const [batch, length, width] = out.shape;
    const byHead = reshape(out, [batch, length * heads, head_dim]);
    const gate = reshape(sigmoid(this.gate_proj.forward(scope, byHead)), [batch, length, width]);
    const share = mul(gate, reshape(cross.feeds, [batch, length, 1]));
    const seen = this.look(q, cross.keys, cross.values, cross.mask);
    return add(out, mul(share, sub(seen, out)));
  }
}

/** Features are further keys and values in front of those of tokens, in one softmax. A token that stands for a medium sees it already. */
export class FusedHyperAttention extends HyperAttention {
  readonly seen_from = 0;

  protected override beside(_scope: Scope, own: SelfAttended, cross: CrossContext): Tensor {
    const [batch, length] = own.q.shape;
    const all = [length, own.keys.shape[1]];
    const mask = expand(own.mask.shape.length === 2 ? reshape(own.mask, [1, ...all]) : own.mask, [
      batch,
      ...all,
    ]);
    return this.look(
      own.q,
      concat([cross.keys, own.keys], 1),
      concat([cross.values, own.values], 1),
      concat([cross.mask, mask], 2),
    );
  }
}
