import { concat, reshape, type Tensor } from '../graph/index.js';
import { cutAt } from './attention.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import type { Scope } from './scope.js';

export interface DeltaWidths {
  readonly hidden_size: number;
  readonly num_key_heads: number;
  readonly num_value_heads: number;
  readonly key_head_dim: number;
  readonly value_head_dim: number;
}

/** What a gated DeltaNet reads of its hidden states, with queries, keys and values before their convolution. */
export interface DeltaProjected {
  /** Queries, then keys, then values, [B, T, 2K + V]. */
  readonly mixed: Tensor;
  /** [B, T, V] */
  readonly gate: Tensor;
  /** One for each value head, [B, T, H]. */
  readonly rate: Tensor;
  readonly step: Tensor;
}

/** The projections of a gated DeltaNet, as a family stores them. */
export abstract class DeltaInputs extends Module {
  abstract forward(scope: Scope, hidden: Tensor): DeltaProjected;
}

/** Two matrices, both with all that belongs to a key head beside each other (Qwen3-Next). */
export class GroupedDeltaInputs extends DeltaInputs {
  in_proj_qkvz: LinearLike;
  in_proj_ba: LinearLike;

  constructor(private readonly widths: DeltaWidths) {
    super();
    const { hidden_size, num_value_heads } = widths;
    const { keys, values } = widthsOf(widths);
    this.in_proj_qkvz = new Linear(hidden_size, 2 * keys + 2 * values);
    this.in_proj_ba = new Linear(hidden_size, 2 * num_value_heads);
  }

  forward(scope: Scope, hidden: Tensor): DeltaProjected {
    const { num_key_heads, num_value_heads, key_head_dim: key, value_head_dim } = this.widths;
    const sharing = num_value_heads / num_key_heads;
    const each = sharing * value_head_dim;
    const [q, k, v, gate] = this.byKeyHead(this.in_proj_qkvz.forward(scope, hidden), [key, key, each, each]);
    const [rate, step] = this.byKeyHead(this.in_proj_ba.forward(scope, hidden), [sharing, sharing]);
    return { mixed: concat([q, k, v], 2), gate, rate, step };
  }

  /** Takes apart what a projection holds for each key head. */
  private byKeyHead(x: Tensor, widths: readonly number[]): Tensor[] {
    const [batch, length, width] = x.shape;
    const { num_key_heads: heads } = this.widths;
    let end = 0;
    const ends = widths.map((own) => (end += own));
    return cutAt(reshape(x, [batch, length, heads, width / heads]), ends).map((part) =>
      reshape(part, [batch, length, heads * part.shape[3]]),
    );
  }
}

/** Four matrices (Qwen3.5). */
export class SplitDeltaInputs extends DeltaInputs {
  in_proj_qkv: LinearLike;
  in_proj_z: LinearLike;
  in_proj_b: LinearLike;
  in_proj_a: LinearLike;

  constructor(widths: DeltaWidths) {
    super();
    const { hidden_size, num_value_heads } = widths;
    const { keys, values } = widthsOf(widths);
    this.in_proj_qkv = new Linear(hidden_size, 2 * keys + values);
    this.in_proj_z = new Linear(hidden_size, values);
    this.in_proj_b = new Linear(hidden_size, num_value_heads);
    this.in_proj_a = new Linear(hidden_size, num_value_heads);
  }

  forward(scope: Scope, hidden: Tensor): DeltaProjected {
    return {
      mixed: this.in_proj_qkv.forward(scope, hidden),
      gate: this.in_proj_z.forward(scope, hidden),
      rate: this.in_proj_b.forward(scope, hidden),
      step: this.in_proj_a.forward(scope, hidden),
    };
  }
}

/** Of all keys, and of all values. */
export function widthsOf(widths: DeltaWidths): { readonly keys: number; readonly values: number } {
  return {
    keys: widths.num_key_heads * widths.key_head_dim,
    values: widths.num_value_heads * widths.value_head_dim,
  };
}
