import { constant, full, mul, reshape, sigmoid, ssd, type Shape, type Tensor } from 'swift-ts/graph';
import {
  byGroup,
  Linear,
  Mixer,
  onlyFresh,
  RmsNorm,
  type BlockContext,
  type DecoderTraits,
  type LinearLike,
  type Mixed,
  type Scope,
} from 'swift-ts/nn';

/** The norm inside keeps RMSNorm's default, whatever config.json says of the others. */
const EPS = 1e-6;

/**
 * Lightning attention (Qin et al., 2024; MiniMax, 2025): no softmax and no positions, but a state that each head lets
 * fade at a speed of its own, slower in later layers.
 */
export class LightningAttention extends Mixer {
  override readonly recurrent = true;
  qkv_proj: LinearLike;
  output_gate: LinearLike;
  readonly norm: RmsNorm;
  out_proj: LinearLike;

  constructor(
    private readonly traits: DecoderTraits,
    private readonly layer: number,
  ) {
    super();
    const { hidden_size, num_attention_heads, head_dim } = traits;
    const width = num_attention_heads * head_dim;
    this.qkv_proj = new Linear(hidden_size, 3 * width);
    this.output_gate = new Linear(hidden_size, width);
    this.norm = new RmsNorm(width, EPS);
    this.out_proj = new Linear(width, hidden_size);
  }

  forward(scope: Scope, hidden: Tensor, context: BlockContext): Mixed {
    const { num_attention_heads: heads, head_dim, activation } = this.traits;
    const [batch, length] = hidden.shape;
    const projected = activation!(this.qkv_proj.forward(scope, hidden));
    const [q, k, v] = byGroup(projected, heads, [1, 1, 1], head_dim).map((part) =>
      reshape(part, [batch, length, heads, head_dim]),
    );
    const { y, state } = ssd({
      x: v,
      delta: onlyFresh(full([batch, length, heads], 1), context),
      a: constant(this.decays(), [heads]),
      b: k,
      c: q,
      d: full([heads], 0),
      state: context.kind === 'cached' ? context.state[0] : full(this.state(batch)[0], 0),
    });
    const normed = this.norm.forward(scope, reshape(y, [batch, length, heads * head_dim]));
    const gate = sigmoid(this.output_gate.forward(scope, hidden));
    const out = this.out_proj.forward(scope, mul(gate, normed));
    return { hidden: out, state: context.kind === 'cached' ? [state] : undefined };
  }

  state(batch: number): Shape[] {
    const { num_attention_heads, head_dim } = this.traits;
    return [[batch, num_attention_heads, head_dim, head_dim]];
  }

  /** Per head, the logarithm of what a step keeps. */
  private decays(): number[] {
    const { num_attention_heads: heads, num_hidden_layers: layers } = this.traits;
    const slower = 1 - this.layer / (layers - 1 + 1e-5) + 1e-5;
    return Array.from({ length: heads }, (_, head) => -slower * 2 ** ((-8 * (head + 1)) / heads));
  }
}
