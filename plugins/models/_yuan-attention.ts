import {
  add,
  attention,
  cachedAttention,
  concat,
  gatherNd,
  iota,
  matmul,
  reshape,
  rope,
  slice,
  zeros,
  type Shape,
  type Tensor,
} from 'swift-ts/graph';
import {
  byGroup,
  Linear,
  Mixer,
  Module,
  Parameter,
  RmsNorm,
  type BlockContext,
  type DecoderTraits,
  type LinearLike,
  type Mixed,
  type Scope,
} from 'swift-ts/nn';

/** A convolution over a position and the one before it, as a checkpoint stores it: [out, in, 2, 1], the earlier first. */
class PairConvolution extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    private readonly inputs: number,
    private readonly outputs: number,
  ) {
    super();
    this.weight = new Parameter([outputs, inputs, 2, 1]);
    this.bias = new Parameter([outputs]);
  }

  /** before and x [B, T, in] -> [B, T, out] */
  forward(scope: Scope, before: Tensor, x: Tensor): Tensor {
    const [batch, length] = x.shape;
    const pairs = concat(
      [before, x].map((part) => reshape(part, [batch * length, this.inputs, 1])),
      2,
    );
    const weight = reshape(scope.param(this.weight), [this.outputs, 2 * this.inputs]);
    const y = matmul(reshape(pairs, [batch * length, 2 * this.inputs]), weight, { transB: true });
    return reshape(add(y, scope.param(this.bias)), [batch, length, this.outputs]);
  }
}

/** Localized filtering (Wu et al., 2023): two convolutions add what the two positions before say. */
class LocalizedFiltering extends Module {
  readonly conv1: PairConvolution;
  readonly conv2: PairConvolution;
  readonly output_layernorm: RmsNorm;

  constructor(width: number) {
    super();
    this.conv1 = new PairConvolution(width, width / 2);
    this.conv2 = new PairConvolution(width / 2, width);
    // The model's own eps is not asked.
    this.output_layernorm = new RmsNorm(width, 1e-6);
  }

  /** @returns the filtered positions, and of the inputs of both convolutions the last ones, for a cached context */
  forward(
    scope: Scope,
    x: Tensor,
    context: BlockContext,
  ): readonly [filtered: Tensor, state: readonly Tensor[]] {
    const [lastX, lastY] = context.kind === 'cached' ? context.state.slice(2) : [];
    const [beforeX, keptX] = shifted(x, context, lastX);
    const y = this.conv1.forward(scope, beforeX, x);
    const [beforeY, keptY] = shifted(y, context, lastY);
    const filtered = add(this.conv2.forward(scope, beforeY, y), x);
    return [this.output_layernorm.forward(scope, filtered), [keptX, keptY]];
  }
}

/** The vector before each of x [B, T, D], and what stands before the next call's. */
function shifted(
  x: Tensor,
  context: BlockContext,
  last = zeros([x.shape[0], 1, x.shape[2]]),
): readonly [before: Tensor, kept: Tensor] {
  const [batch, length, width] = x.shape;
  const all = concat([last, x], 1);
  const before = slice(all, 1, 0, length);
  if (context.kind === 'full') return [before, last];
  const at = [iota(batch), context.fresh].map((index) => reshape(index, [batch, 1]));
  return [before, reshape(gatherNd(all, concat(at, 1)), [batch, 1, width])];
}

/** Attention whose queries and keys, not its values, are of filtered positions. */
export class YuanAttention extends Mixer {
  override readonly recurrent = true;
  v_proj: LinearLike;
  o_proj: LinearLike;
  readonly lf_gate: LocalizedFiltering;
  q_proj: LinearLike;
  k_proj: LinearLike;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, num_attention_heads: heads, head_dim } = traits;
    this.v_proj = new Linear(hidden_size, heads * head_dim);
    this.o_proj = new Linear(heads * head_dim, hidden_size);
    this.lf_gate = new LocalizedFiltering(hidden_size);
    this.q_proj = new Linear(hidden_size, heads * head_dim);
    this.k_proj = new Linear(hidden_size, heads * head_dim);
  }

  forward(scope: Scope, x: Tensor, context: BlockContext): Mixed {
    const { num_attention_heads: heads, head_dim } = this.traits;
    const { cos, sin, position_ids } = context;
    const v = this.v_proj.forward(scope, x);
    const [filtered, kept] = this.lf_gate.forward(scope, x, context);
    // Each head takes a query and a key from the two projections laid end to end: the first half only from `q_proj`.
    const both = concat([this.q_proj.forward(scope, filtered), this.k_proj.forward(scope, filtered)], 2);
    const [q, k] = byGroup(both, heads, [1, 1], head_dim).map((part) =>
      rope(part, cos, sin, position_ids, { heads }),
    );
    const options = { heads, kvHeads: heads, scale: head_dim ** -0.5 };
    if (context.kind === 'full') {
      const out = attention(q, k, v, context.mask, { ...options, causal: true });
      return { hidden: this.o_proj.forward(scope, out) };
    }
    const [cachedK, cachedV] = context.state;
    const step = cachedAttention({ q, k, v, cachedK, cachedV, past: context.past }, options);
    const hidden = this.o_proj.forward(scope, step.out);
    return { hidden, state: [step.cachedK, step.cachedV, ...kept] };
  }

  state(batch: number, capacity: number): Shape[] {
    const { num_attention_heads: heads, head_dim, hidden_size } = this.traits;
    const cache = [batch, heads, capacity, head_dim];
    return [cache, cache, [batch, 1, hidden_size], [batch, 1, hidden_size / 2]];
  }
}
