import {
  attention,
  cachedAttention,
  clamp,
  mul,
  reshape,
  sigmoid,
  slice,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import { cachedRows, isCausal, sharpened, turned, visibleKeys } from './attending.js';
import type { BlockContext, CrossContext } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import { Mixer, type Mixed } from './mixer.js';
import type { Norm } from './norm.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';
import type { DecoderTraits, LayerTraits } from './traits.js';

type Projected = readonly [q: Tensor, k: Tensor, v?: Tensor, gate?: Tensor];

/** What tokens see of each other, `out` [B, T, H·hd], and of what it was made: queries, all keys and values, and the additive mask over these. */
export interface SelfAttended {
  readonly out: Tensor;
  readonly q: Tensor;
  readonly keys: Tensor;
  readonly values: Tensor;
  readonly mask: Tensor;
}

/**
 * Self-attention whose query heads share key and value heads in groups (Ainslie et al., 2023). With 8 query heads:
 *
 *     kvHeads 8 (multi-head)      kvHeads 2 (grouped)         kvHeads 1 (multi-query)
 *     q  0 1 2 3 4 5 6 7          q  0 1 2 3   4 5 6 7        q  0 1 2 3 4 5 6 7
 *        | | | | | | | |           └─┴┬┴─┘   └─┴┬┴─┘        └─┴─┴─┴┬┴─┴─┴─┘
 *     kv 0 1 2 3 4 5 6 7          kv    0         1        kv        0
 *
 * Generation keeps keys and values, so fewer of these heads keep less. Rotary positions turn queries and keys; norms of these,
 * clipping, sinks and an output gate are there where the traits say so.
 */
export class Attention extends Mixer {
  q_proj?: LinearLike;
  k_proj?: LinearLike;
  v_proj?: LinearLike;
  /** Keys and values, or queries, keys and values in one. */
  qkv_proj?: LinearLike;
  readonly q_norm?: Norm;
  readonly k_norm?: Norm;
  readonly v_norm?: Norm;
  readonly sinks?: Parameter;
  o_proj: LinearLike;
  private readonly own: LayerTraits;

  constructor(
    protected readonly traits: DecoderTraits,
    private readonly layer: number,
  ) {
    super();
    const { hidden_size, num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = traits;
    const { bias, transposed, qkv = 'split', qk_norm, output_gate, names = {} } = traits;
    this.names = names;
    this.own = traits.layer?.(layer) ?? {};
    const project = (count: number, has = bias.qkv): Linear =>
      new Linear(hidden_size, count * head_dim, { bias: has, transposed });
    if (qkv === 'split' || qkv === 'pairs') this.q_proj = project(output_gate ? 2 * heads : heads);
    if (qkv === 'split') {
      this.k_proj = project(kvHeads, bias.key);
      if (!traits.keys_as_values) this.v_proj = project(kvHeads);
    } else {
      this.qkv_proj = project(2 * kvHeads + (qkv === 'pairs' ? 0 : heads));
    }
    this.q_norm = qk_norm?.(heads);
    this.k_norm = qk_norm?.(kvHeads);
    this.v_norm = traits.v_norm?.();
    if (traits.sinks) this.sinks = new Parameter([heads]);
    this.o_proj = new Linear(heads * head_dim, hidden_size, { bias: bias.o, transposed });
  }

  /**
   * @param x normed hidden states [B, T, D]
   * @returns hidden [B, T, D]; with a cached context also the keys and values, [B, kvHeads, capacity, head_dim] each
   */
  forward(scope: Scope, x: Tensor, context: BlockContext): Mixed {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const { attention_scale: scale = head_dim ** -0.5, score_cap, alibi, sparse } = this.traits;
    const [projectedQ, projectedK, projectedV, gate] = this.project(scope, x);
    const normed = (part: Tensor, norm?: Norm): Tensor => norm?.forward(scope, part) ?? part;
    const turn = (part: Tensor, count: number): Tensor => turned(part, count, context, this.traits, this.own);
    const placed = (part: Tensor, count: number, norm?: Norm): Tensor =>
      this.traits.qk_norm_after_rope
        ? normed(turn(part, count), norm)
        : turn(this.cut(normed(part, norm)), count);
    const q = sharpened(placed(projectedQ, heads, this.q_norm), context, this.own);
    const k = placed(projectedK, kvHeads, this.k_norm);
    const v = this.cut(normed(projectedV ?? projectedK, this.v_norm));
    const sinks = this.sinks && scope.param(this.sinks);
    const { cross } = context;
    const back = (out: Tensor): Tensor => this.o_proj.forward(scope, gate ? mul(out, sigmoid(gate)) : out);
    const options = { heads, kvHeads, scale, softcap: score_cap, alibi, sparse: sparse?.(this.layer) };
    if (context.kind === 'full') {
      const { mask } = context;
      const causal = isCausal(this.traits, this.own, context);
      const out = attention(q, k, v, mask, { ...options, causal }, sinks);
      const own = { out, q, keys: k, values: v, mask };
      return { hidden: back(cross ? this.beside(scope, own, cross) : out), lent: [k, v] };
    }
    const {
      past,
      state: [cachedK, cachedV],
    } = context;
    const { window, chunk } = this.own;
    const step = cachedAttention({ q, k, v, cachedK, cachedV, past, sinks }, { ...options, window });
    const state = [step.cachedK, step.cachedV];
    const mask = context.mask ?? (chunk ? visibleKeys(context, x.shape[1], this.own) : undefined);
    if (!mask && !cross) return { hidden: back(step.out), state };
    // That step has written keys and values; the mask says which of them are seen.
    const [keys, values] = state.map(cachedRows);
    const out = mask ? attention(q, keys, values, mask, { ...options, causal: false }, sinks) : step.out;
    if (!cross) return { hidden: back(out), state };
    const all = mask ?? visibleKeys(context, x.shape[1], this.own);
    return { hidden: back(this.beside(scope, { out, q, keys, values, mask: all }, cross)), state };
  }

  /** What tokens see where there are features to look at too. */
  protected beside(_scope: Scope, _own: SelfAttended, _cross: CrossContext): Tensor {
    throw new Error('this attention looks at tokens alone');
  }

  /** Keys and values, [B, kvHeads, capacity, head_dim] each. */
  state(batch: number, capacity: number): Shape[] {
    const { num_key_value_heads, head_dim } = this.traits;
    const shape = [batch, num_key_value_heads, capacity, head_dim];
    return [shape, shape];
  }

  private project(scope: Scope, x: Tensor): Projected {
    const parts = [this.q_proj, this.qkv_proj, this.k_proj, this.v_proj]
      .filter((linear) => linear !== undefined)
      .map((linear) => linear.forward(scope, x));
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const { qkv, output_gate } = this.traits;
    switch (qkv) {
      case 'concat': {
        const [q, kv] = [heads * head_dim, kvHeads * head_dim];
        return cutAt(parts[0], [q, q + kv, q + 2 * kv]) as unknown as Projected;
      }
      case 'grouped':
        return byGroup(parts[0], kvHeads, [heads / kvHeads, 1, 1], head_dim) as unknown as Projected;
      case 'pairs':
        return [parts[0], ...byGroup(parts[1], kvHeads, [1, 1], head_dim)] as unknown as Projected;
      default: {
        if (!output_gate) return parts as unknown as Projected;
        const [q, gate] = byGroup(parts[0], heads, [1, 1], head_dim);
        return [q, parts[1], parts[2], gate];
      }
    }
  }

  private cut(x: Tensor): Tensor {
    const { clip_qkv: clip } = this.traits;
    return clip === undefined ? x : clamp(x, -clip, clip);
  }
}

/** Shapes of keys and values of `rows` features, as generation keeps them. */
export function featureState(
  { num_key_value_heads: kvHeads, head_dim }: DecoderTraits,
  batch: number,
  rows: number,
): readonly Shape[] {
  const shape = [batch, 1, rows, kvHeads * head_dim];
  return [shape, shape];
}

/** Cuts the last axis at the given ends. */
export function cutAt(x: Tensor, ends: readonly number[]): Tensor[] {
  return ends.map((end, i) => slice(x, -1, i === 0 ? 0 : ends[i - 1], end));
}

/**
 * Takes apart what is interleaved by group: x [B, T, groups·Σcounts·width], each group `counts[0]` heads of the
 * first kind, then of the second, … -> per kind [B, T, groups·count·width].
 */
export function byGroup(x: Tensor, groups: number, counts: readonly number[], width: number): Tensor[] {
  const [batch, length] = x.shape;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const split = reshape(x, [batch, length, groups, total * width]);
  let end = 0;
  return cutAt(
    split,
    counts.map((count) => (end += count * width)),
  ).map((part) => reshape(part, [batch, length, groups * part.shape[3]]));
}
