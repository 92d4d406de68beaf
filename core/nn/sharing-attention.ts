import { attention, type Shape, type Tensor } from '../graph/index.js';
import { cachedRows, isCausal, turned, visibleKeys } from './attending.js';
import { Attention } from './attention.js';
import type { BlockContext } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import { Mixer, type Mixed } from './mixer.js';
import type { Norm } from './norm.js';
import type { Scope } from './scope.js';
import type { DecoderTraits, LayerTraits } from './traits.js';

/** Attention to the keys and values of an earlier layer (Brandon et al., 2024, arXiv 2405.12981): it keeps none. */
export class SharingAttention extends Mixer {
  q_proj: LinearLike;
  readonly q_norm?: Norm;
  o_proj: LinearLike;
  private readonly own: LayerTraits;

  constructor(
    private readonly traits: DecoderTraits,
    layer: number,
  ) {
    super();
    const { hidden_size, num_attention_heads: heads, head_dim, bias, qk_norm, names = {} } = traits;
    this.names = names;
    this.own = traits.layer?.(layer) ?? {};
    this.q_proj = new Linear(hidden_size, heads * head_dim, { bias: bias.qkv });
    this.q_norm = qk_norm?.(heads);
    this.o_proj = new Linear(heads * head_dim, hidden_size, { bias: bias.o });
  }

  forward(scope: Scope, x: Tensor, context: BlockContext): Mixed {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const { attention_scale: scale = head_dim ** -0.5, score_cap: softcap } = this.traits;
    const projected = this.q_proj.forward(scope, x);
    const normed = this.q_norm?.forward(scope, projected) ?? projected;
    const q = turned(normed, heads, context, this.traits, this.own);
    const options = { heads, kvHeads, scale, softcap };
    if (context.kind === 'full') {
      const [keys, values] = context.borrowed!;
      const causal = isCausal(this.traits, this.own, context);
      const out = attention(q, keys, values, context.mask, { ...options, causal });
      return { hidden: this.o_proj.forward(scope, out) };
    }
    const [keys, values] = context.state.map(cachedRows);
    const mask = context.mask ?? visibleKeys(context, x.shape[1], this.own);
    const out = attention(q, keys, values, mask, { ...options, causal: false });
    return { hidden: this.o_proj.forward(scope, out), state: [] };
  }

  state(): Shape[] {
    return [];
  }
}

/** Attention of a layer, with keys and values of its own or without. */
export function createAttention(traits: DecoderTraits, layer: number): Mixer {
  const shares = traits.layer?.(layer).shares !== undefined;
  return shares ? new SharingAttention(traits, layer) : new Attention(traits, layer);
}
