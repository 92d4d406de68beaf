import {
  attention,
  cachedAttention,
  concat,
  expand,
  reshape,
  rope,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import { cutAt } from './attention.js';
import type { BlockContext } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import { Mixer, type Mixed } from './mixer.js';
import { RmsNorm } from './norm.js';
import type { Scope } from './scope.js';

export interface LatentTraits {
  readonly hidden_size: number;
  readonly num_attention_heads: number;
  /** Width that queries are squeezed to first; absent: they are not. */
  readonly q_lora_rank?: number;
  /** Width that keys and values are squeezed to. */
  readonly kv_lora_rank: number;
  /** Widths of a head: without position, with position, and of values. */
  readonly qk_nope_head_dim: number;
  readonly qk_rope_head_dim: number;
  readonly v_head_dim: number;
  readonly attention_bias: boolean;
  readonly rope_interleaved: boolean;
  /** Factor on the scores beside 1/√(width of a query head). */
  readonly score_scale?: number;
}

/** The norms inside keep RMSNorm's default, whatever config.json says of the others. */
const EPS = 1e-6;

/**
 * Multi-head latent attention (DeepSeek-AI, 2024, V2): keys and values come from one narrow vector per position; the
 * part of a key that knows its position is shared by all heads.
 */
export class LatentAttention extends Mixer {
  q_proj?: LinearLike;
  q_a_proj?: LinearLike;
  readonly q_a_layernorm?: RmsNorm;
  q_b_proj?: LinearLike;
  kv_a_proj_with_mqa: LinearLike;
  readonly kv_a_layernorm: RmsNorm;
  kv_b_proj: LinearLike;
  o_proj: LinearLike;

  constructor(private readonly traits: LatentTraits) {
    super();
    const { hidden_size: width, num_attention_heads: heads, q_lora_rank, kv_lora_rank } = traits;
    const { qk_nope_head_dim: nope, qk_rope_head_dim: turned, v_head_dim, attention_bias: bias } = traits;
    if (q_lora_rank === undefined) {
      this.q_proj = new Linear(width, heads * (nope + turned));
    } else {
      this.q_a_proj = new Linear(width, q_lora_rank, { bias });
      this.q_a_layernorm = new RmsNorm(q_lora_rank, EPS);
      this.q_b_proj = new Linear(q_lora_rank, heads * (nope + turned));
    }
    this.kv_a_proj_with_mqa = new Linear(width, kv_lora_rank + turned, { bias });
    this.kv_a_layernorm = new RmsNorm(kv_lora_rank, EPS);
    this.kv_b_proj = new Linear(kv_lora_rank, heads * (nope + v_head_dim));
    this.o_proj = new Linear(heads * v_head_dim, width, { bias });
  }

  /** @param x normed hidden states [B, T, D] @returns hidden [B, T, D]; with a cached context also what is kept of each position */
  forward(scope: Scope, x: Tensor, context: BlockContext): Mixed {
    const { num_attention_heads: heads, qk_nope_head_dim: nope, qk_rope_head_dim: turned } = this.traits;
    const { kv_lora_rank: rank, v_head_dim, score_scale = 1 } = this.traits;
    const [batch, length] = x.shape;
    const byHead = (y: Tensor): Tensor => reshape(y, [batch, length, heads, y.shape[2] / heads]);
    const flat = (y: Tensor): Tensor => reshape(y, [batch, length, y.shape[2] * y.shape[3]]);

    const [still, moving] = cutAt(byHead(this.queries(scope, x)), [nope, nope + turned]);
    const [latent, sharedKey] = cutAt(this.kv_a_proj_with_mqa.forward(scope, x), [rank, rank + turned]);
    const [keys, values] = cutAt(
      byHead(this.kv_b_proj.forward(scope, this.kv_a_layernorm.forward(scope, latent))),
      [nope, nope + v_head_dim],
    );
    const positioned = reshape(this.turn(sharedKey, 1, context), [batch, length, 1, turned]);
    const q = flat(concat([still, byHead(this.turn(flat(moving), heads, context))], 3));
    const k = flat(concat([keys, expand(positioned, [batch, length, heads, turned])], 3));
    const v = flat(values);

    const options = { heads, kvHeads: heads, scale: score_scale * (nope + turned) ** -0.5 };
    if (context.kind === 'full') {
      const out = attention(q, k, v, context.mask, { ...options, causal: true });
      return { hidden: this.o_proj.forward(scope, out) };
    }
    const {
      past,
      state: [cachedK, cachedV],
    } = context;
    const step = cachedAttention({ q, k, v, cachedK, cachedV, past }, options);
    return { hidden: this.o_proj.forward(scope, step.out), state: [step.cachedK, step.cachedV] };
  }

  state(batch: number, capacity: number): Shape[] {
    const { num_attention_heads: heads, qk_nope_head_dim, qk_rope_head_dim, v_head_dim } = this.traits;
    return [
      [batch, heads, capacity, qk_nope_head_dim + qk_rope_head_dim],
      [batch, heads, capacity, v_head_dim],
    ];
  }

  private queries(scope: Scope, x: Tensor): Tensor {
    if (this.q_proj) return this.q_proj.forward(scope, x);
    const squeezed = this.q_a_layernorm!.forward(scope, this.q_a_proj!.forward(scope, x));
    return this.q_b_proj!.forward(scope, squeezed);
  }

  private turn(x: Tensor, heads: number, { cos, sin, position_ids }: BlockContext): Tensor {
    return rope(x, cos, sin, position_ids, { heads, interleaved: this.traits.rope_interleaved });
  }
}
