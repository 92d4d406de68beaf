import {
  add,
  div,
  exp,
  expand,
  full,
  mul,
  neg,
  reduceSum,
  reshape,
  scalar,
  sigmoid,
  silu,
  softplus,
  sqrt,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import { cutAt } from './attention.js';
import { CausalConv } from './causal-conv.js';
import type { BlockContext } from './causal-lm.js';
import {
  GroupedDeltaInputs,
  SplitDeltaInputs,
  widthsOf,
  type DeltaInputs,
  type DeltaWidths,
} from './delta-inputs.js';
import { gatedDeltaRule } from './delta-rule.js';
import { Linear, type LinearLike } from './linear.js';
import { Mixer, type Mixed } from './mixer.js';
import { RmsNorm } from './norm.js';
import { onlyFresh } from './only-fresh.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

export interface DeltaNetTraits extends DeltaWidths {
  readonly conv_kernel: number;
  readonly norm_eps: number;
  /** How checkpoints store its projections: two matrices, both key head by key head, or four. */
  readonly stored: 'grouped' | 'split';
}

/** Gated DeltaNet (Yang et al., 2025), as Qwen3-Next has it: linear attention that replaces what it holds at a key. */
export class GatedDeltaNet extends Mixer {
  override readonly recurrent = true;
  override readonly slot = 'linear_attn';
  override names = { inputs: '' };
  readonly inputs: DeltaInputs;
  readonly conv1d: CausalConv;
  readonly dt_bias: Parameter;
  readonly A_log: Parameter;
  /** Of each head's output, before the gate. */
  readonly norm: RmsNorm;
  out_proj: LinearLike;

  constructor(private readonly traits: DeltaNetTraits) {
    super();
    const { hidden_size, num_value_heads, value_head_dim, conv_kernel, norm_eps, stored } = traits;
    const { keys, values } = widthsOf(traits);
    this.inputs = stored === 'split' ? new SplitDeltaInputs(traits) : new GroupedDeltaInputs(traits);
    this.conv1d = new CausalConv(2 * keys + values, conv_kernel, false);
    this.dt_bias = new Parameter([num_value_heads]);
    this.A_log = new Parameter([num_value_heads]);
    this.norm = new RmsNorm(value_head_dim, norm_eps);
    this.out_proj = new Linear(values, hidden_size);
  }

  forward(scope: Scope, hidden: Tensor, context: BlockContext): Mixed {
    const { num_value_heads: heads, key_head_dim, value_head_dim } = this.traits;
    const { keys: keyWidth, values: valueWidth } = widthsOf(this.traits);
    const [batch, length] = hidden.shape;
    const [convState, heldState] = context.kind === 'cached' ? context.state : [];

    const { mixed, gate, rate, step } = this.inputs.forward(scope, hidden);
    const convolved = this.conv1d.forward(scope, mixed, context, convState);
    const [queries, keys, values] = cutAt(silu(convolved.y), [
      keyWidth,
      2 * keyWidth,
      2 * keyWidth + valueWidth,
    ]);
    const decay = mul(neg(exp(scope.param(this.A_log))), softplus(add(step, scope.param(this.dt_bias))));
    const { y, state } = gatedDeltaRule({
      queries: mul(this.unitKeys(queries), scalar(key_head_dim ** -0.5)),
      keys: this.unitKeys(keys),
      values: reshape(values, [batch, length, heads, value_head_dim]),
      decay: onlyFresh(decay, context),
      rate: onlyFresh(sigmoid(rate), context),
      state: heldState ?? full([batch, heads, key_head_dim, value_head_dim], 0),
    });
    const normed = reshape(this.norm.forward(scope, y), [batch, length, valueWidth]);
    const out = this.out_proj.forward(scope, mul(normed, silu(gate)));
    return { hidden: out, state: convolved.state && [convolved.state, state] };
  }

  state(batch: number): Shape[] {
    const { num_value_heads, key_head_dim, value_head_dim } = this.traits;
    return [this.conv1d.state(batch), [batch, num_value_heads, key_head_dim, value_head_dim]];
  }

  /** Queries or keys of length 1, each for all value heads that share it: [B, T, heads·K] -> [B, T, value heads, K]. */
  private unitKeys(x: Tensor): Tensor {
    const { num_key_heads, num_value_heads, key_head_dim: width } = this.traits;
    const [batch, length] = x.shape;
    const split = reshape(x, [batch, length, num_key_heads, 1, width]);
    const size = sqrt(add(reduceSum(mul(split, split), [-1], true), scalar(1e-6)));
    const shape = [batch, length, num_key_heads, num_value_heads / num_key_heads, width];
    return reshape(expand(div(split, size), shape), [batch, length, num_value_heads, width]);
  }
}
