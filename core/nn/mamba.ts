import {
  add,
  clamp,
  exp,
  full,
  mul,
  neg,
  reshape,
  rmsNorm,
  selectiveScan,
  silu,
  softplus,
  ssd,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import { cutAt } from './attention.js';
import { CausalConv } from './causal-conv.js';
import type { BlockContext } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import { Mixer, type Mixed } from './mixer.js';
import { Module } from './module.js';
import { RmsNorm } from './norm.js';
import { onlyFresh } from './only-fresh.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

export interface MambaTraits {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly state_size: number;
  readonly conv_kernel: number;
  readonly use_bias: boolean;
  readonly use_conv_bias: boolean;
  readonly activation?: (x: Tensor) => Tensor;
  /** What checkpoints call the layer, where others of the model have attention. */
  readonly slot?: string;
}

export interface SelectiveTraits extends MambaTraits {
  readonly time_step_rank: number;
  /** Norms of Δ, B and C before use (Jamba). */
  readonly inner_norm_eps?: number;
}

/** Mamba (Gu & Dao, 2023): a selective state-space layer. */
export class MambaMixer extends Mixer {
  override readonly recurrent = true;
  override readonly slot?: string;
  in_proj: LinearLike;
  readonly conv1d: CausalConv;
  x_proj: LinearLike;
  readonly dt_layernorm?: RmsNorm;
  readonly b_layernorm?: RmsNorm;
  readonly c_layernorm?: RmsNorm;
  dt_proj: Linear;
  readonly A_log: Parameter;
  readonly D: Parameter;
  out_proj: LinearLike;

  constructor(private readonly traits: SelectiveTraits) {
    super();
    this.slot = traits.slot;
    const { hidden_size, intermediate_size: inner, state_size: size, time_step_rank: rank } = traits;
    const { use_bias: bias, inner_norm_eps: eps } = traits;
    this.in_proj = new Linear(hidden_size, 2 * inner, { bias });
    this.conv1d = new CausalConv(inner, traits.conv_kernel, traits.use_conv_bias);
    this.x_proj = new Linear(inner, rank + 2 * size);
    if (eps !== undefined) {
      this.dt_layernorm = new RmsNorm(rank, eps);
      this.b_layernorm = new RmsNorm(size, eps);
      this.c_layernorm = new RmsNorm(size, eps);
    }
    this.dt_proj = new Linear(rank, inner, { bias: true });
    this.A_log = new Parameter([inner, size]);
    this.D = new Parameter([inner]);
    this.out_proj = new Linear(inner, hidden_size, { bias });
  }

  forward(scope: Scope, hidden: Tensor, context: BlockContext): Mixed {
    const {
      intermediate_size: inner,
      state_size: size,
      time_step_rank: rank,
      activation = silu,
    } = this.traits;
    const [convState, scanState] = context.kind === 'cached' ? context.state : [];
    const [input, gate] = cutAt(this.in_proj.forward(scope, hidden), [inner, 2 * inner]);
    const convolved = this.conv1d.forward(scope, input, context, convState);
    const x = activation(convolved.y);
    const [step, keys, queries] = cutAt(this.x_proj.forward(scope, x), [rank, rank + size, rank + 2 * size]);
    const delta = softplus(this.dt_proj.forward(scope, this.dt_layernorm?.forward(scope, step) ?? step));
    const { y, state } = selectiveScan({
      x,
      delta: onlyFresh(delta, context),
      a: neg(exp(scope.param(this.A_log))),
      b: this.b_layernorm?.forward(scope, keys) ?? keys,
      c: this.c_layernorm?.forward(scope, queries) ?? queries,
      d: scope.param(this.D),
      state: scanState ?? full([hidden.shape[0], inner, size], 0),
    });
    const out = this.out_proj.forward(scope, mul(y, silu(gate)));
    return { hidden: out, state: convolved.state && [convolved.state, state] };
  }

  state(batch: number): Shape[] {
    const { intermediate_size, state_size } = this.traits;
    return [this.conv1d.state(batch), [batch, intermediate_size, state_size]];
  }
}

export interface DualTraits extends MambaTraits {
  readonly num_heads: number;
  readonly head_dim: number;
  readonly n_groups: number;
  readonly norm_eps: number;
  readonly time_step_limit: readonly [low: number, high: number];
}

/** A norm of what a gate has passed, over each group of features: rms(x ∘ silu(gate)) · weight. */
class GatedRmsNorm extends Module {
  readonly weight: Parameter;

  constructor(
    width: number,
    private readonly groups: number,
    private readonly eps: number,
  ) {
    super();
    this.weight = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor, gate: Tensor): Tensor {
    const width = this.weight.size / this.groups;
    const grouped = reshape(mul(x, silu(gate)), [...x.shape.slice(0, -1), this.groups, width]);
    const normed = rmsNorm(grouped, full([width], 1), this.eps);
    return mul(reshape(normed, x.shape), scope.param(this.weight));
  }
}

/** Mamba-2 (Dao & Gu, 2024): one decay per head, which makes the scan matrix products. */
export class Mamba2Mixer extends Mixer {
  override readonly recurrent = true;
  in_proj: LinearLike;
  readonly conv1d: CausalConv;
  readonly dt_bias: Parameter;
  readonly A_log: Parameter;
  readonly norm: GatedRmsNorm;
  readonly D: Parameter;
  out_proj: LinearLike;

  constructor(private readonly traits: DualTraits) {
    super();
    const { hidden_size, intermediate_size: inner, num_heads: heads, use_bias: bias } = traits;
    this.in_proj = new Linear(hidden_size, inner + this.mixedWidth + heads, { bias });
    this.conv1d = new CausalConv(this.mixedWidth, traits.conv_kernel, traits.use_conv_bias);
    this.dt_bias = new Parameter([heads]);
    this.A_log = new Parameter([heads]);
    this.norm = new GatedRmsNorm(inner, traits.n_groups, traits.norm_eps);
    this.D = new Parameter([heads]);
    this.out_proj = new Linear(inner, hidden_size, { bias });
  }

  forward(scope: Scope, hidden: Tensor, context: BlockContext): Mixed {
    const { intermediate_size: inner, state_size: size, n_groups: groups, num_heads: heads } = this.traits;
    const { head_dim, activation = silu, time_step_limit } = this.traits;
    const [batch, length] = hidden.shape;
    const [convState, scanState] = context.kind === 'cached' ? context.state : [];
    const wide = inner + this.mixedWidth;
    const [gate, mixed, step] = cutAt(this.in_proj.forward(scope, hidden), [inner, wide, wide + heads]);
    const convolved = this.conv1d.forward(scope, mixed, context, convState);
    const [x, keys, queries] = cutAt(activation(convolved.y), [
      inner,
      inner + groups * size,
      inner + 2 * groups * size,
    ]);
    const delta = within(softplus(add(step, scope.param(this.dt_bias))), time_step_limit);
    const { y, state } = ssd({
      x: reshape(x, [batch, length, heads, head_dim]),
      delta: onlyFresh(delta, context),
      a: neg(exp(scope.param(this.A_log))),
      b: reshape(keys, [batch, length, groups, size]),
      c: reshape(queries, [batch, length, groups, size]),
      d: scope.param(this.D),
      state: scanState ?? full([batch, heads, head_dim, size], 0),
    });
    const normed = this.norm.forward(scope, reshape(y, [batch, length, inner]), gate);
    const out = this.out_proj.forward(scope, normed);
    return { hidden: out, state: convolved.state && [convolved.state, state] };
  }

  state(batch: number): Shape[] {
    const { num_heads, head_dim, state_size } = this.traits;
    return [this.conv1d.state(batch), [batch, num_heads, head_dim, state_size]];
  }

  /** Channels that the convolution sees: x, B and C. */
  private get mixedWidth(): number {
    const { intermediate_size, n_groups, state_size } = this.traits;
    return intermediate_size + 2 * n_groups * state_size;
  }
}

function within(x: Tensor, [low, high]: readonly [number, number]): Tensor {
  return low <= 0 && high === Infinity ? x : clamp(x, low, high);
}
