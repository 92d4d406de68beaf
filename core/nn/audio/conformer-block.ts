import {
  add,
  concat,
  conv1d,
  matmul,
  mul,
  pad,
  reshape,
  scalar,
  sigmoid,
  silu,
  slice,
  softcap,
  softmax,
  softplus,
  transpose,
  type Tensor,
} from '../../graph/index.js';
import { Linear, type LinearLike, type MakeLinear } from '../linear.js';
import { Module, type Names } from '../module.js';
import { RmsNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

export interface ConformerSize {
  readonly width: number;
  readonly heads: number;
  readonly eps: number;
  /** Positions of a chunk: queries see keys of their own and of the one before. */
  readonly chunk: number;
  /** Steps of the convolution along time. */
  readonly kernel: number;
  /** Factor on what the feed-forwards add. */
  readonly residual: number;
  /** Scores stay within ± this, by tanh. */
  readonly score_cap: number;
  /** Factor on keys. */
  readonly key_scale: number;
  readonly linear: MakeLinear;
  readonly names?: ConformerNames;
}

export interface ConformerNames {
  readonly block?: Names;
  readonly attention?: Names;
  readonly feedForward?: Names;
  readonly convolution?: Names;
}

/** What a block is told beside the states [N, T, D]. */
export interface Hearing {
  /** Additive, [chunks, chunk, 2 · chunk]: which keys of two chunks queries see. */
  readonly mask: Tensor;
  /** Of each distance, from the largest to 0, sinusoids: [distances, D]. */
  readonly distances: Tensor;
}

/** Eps of norms that no config tells of. */
const EPS = 1e-6;

/**
 * Half a feed-forward, attention, a convolution along time, and half a feed-forward (Conformer; Gulati et al., 2020, arXiv 2005.08100), as
 * the Universal Speech Model has them. No state sees a later one.
 */
export class ConformerBlock extends Module {
  readonly feed_forward1: HalfFeedForward;
  readonly norm_pre_attn: RmsNorm;
  readonly self_attn: DistanceAttention;
  post: LinearLike;
  readonly norm_post_attn: RmsNorm;
  readonly lconv1d: LightConvolution;
  readonly feed_forward2: HalfFeedForward;
  readonly norm_out: RmsNorm;

  constructor(size: ConformerSize) {
    super();
    const { width, linear, names } = size;
    this.names = { post: 'self_attn.post', ...names?.block };
    this.feed_forward1 = new HalfFeedForward(size);
    this.norm_pre_attn = new RmsNorm(width, EPS);
    this.self_attn = new DistanceAttention(size);
    this.post = linear(width, width);
    this.norm_post_attn = new RmsNorm(width, EPS);
    this.lconv1d = new LightConvolution(size);
    this.feed_forward2 = new HalfFeedForward(size);
    this.norm_out = new RmsNorm(width, EPS);
  }

  forward(scope: Scope, x: Tensor, hearing: Hearing): Tensor {
    const fed = this.feed_forward1.forward(scope, x);
    const heard = this.self_attn.forward(scope, this.norm_pre_attn.forward(scope, fed), hearing);
    const attended = add(fed, this.norm_post_attn.forward(scope, this.post.forward(scope, heard)));
    const convolved = this.lconv1d.forward(scope, attended);
    return this.norm_out.forward(scope, this.feed_forward2.forward(scope, convolved));
  }
}

class HalfFeedForward extends Module {
  readonly pre_layer_norm: RmsNorm;
  ffw_layer_1: LinearLike;
  ffw_layer_2: LinearLike;
  readonly post_layer_norm: RmsNorm;
  private readonly residual: number;

  constructor({ width, linear, residual, names }: ConformerSize) {
    super();
    this.names = names?.feedForward ?? {};
    this.residual = residual;
    this.pre_layer_norm = new RmsNorm(width, EPS);
    this.ffw_layer_1 = linear(width, 4 * width);
    this.ffw_layer_2 = linear(4 * width, width);
    this.post_layer_norm = new RmsNorm(width, EPS);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const wide = silu(this.ffw_layer_1.forward(scope, this.pre_layer_norm.forward(scope, x)));
    const fed = this.post_layer_norm.forward(scope, this.ffw_layer_2.forward(scope, wide));
    return add(x, mul(fed, scalar(this.residual)));
  }
}

/** Gated, each channel by itself, of earlier states. */
class LightConvolution extends Module {
  readonly pre_layer_norm: RmsNorm;
  linear_start: LinearLike;
  /** [D, 1, kernel] */
  readonly depthwise_conv1d: Parameter;
  readonly conv_norm: RmsNorm;
  linear_end: LinearLike;

  constructor(private readonly size: ConformerSize) {
    super();
    const { width, eps, kernel, linear, names } = size;
    this.names = { depthwise_conv1d: 'depthwise_conv1d.weight', ...names?.convolution };
    this.pre_layer_norm = new RmsNorm(width, eps);
    this.linear_start = linear(width, 2 * width);
    this.depthwise_conv1d = new Parameter([width, 1, kernel]);
    this.conv_norm = new RmsNorm(width, eps);
    this.linear_end = linear(width, width);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { width, kernel } = this.size;
    const both = this.linear_start.forward(scope, this.pre_layer_norm.forward(scope, x));
    const gated = mul(slice(both, -1, 0, width), sigmoid(slice(both, -1, width, 2 * width)));
    const before = pad(transpose(gated, [0, 2, 1]), [0, 0, kernel - 1], [0, 0, 0]);
    const along = conv1d(before, scope.param(this.depthwise_conv1d), undefined, { groups: width });
    const normed = this.conv_norm.forward(scope, transpose(along, [0, 2, 1]));
    return add(x, this.linear_end.forward(scope, silu(normed)));
  }
}

/** Attention within two chunks, whose scores hang on how far keys are as well (Dai et al., 2019, arXiv 1901.02860). */
class DistanceAttention extends Module {
  q_proj: LinearLike;
  k_proj: LinearLike;
  v_proj: LinearLike;
  relative_k_proj: LinearLike;
  /** [hd] */
  readonly per_dim_scale: Parameter;

  constructor(private readonly size: ConformerSize) {
    super();
    const { width, heads, linear, names } = size;
    this.names = names?.attention ?? {};
    this.q_proj = linear(width, width);
    this.k_proj = linear(width, width);
    this.v_proj = linear(width, width);
    this.relative_k_proj = new Linear(width, width);
    this.per_dim_scale = new Parameter([width / heads]);
  }

  forward(scope: Scope, x: Tensor, { mask, distances }: Hearing): Tensor {
    const { heads, chunk, score_cap, key_scale } = this.size;
    const [count, length, width] = x.shape;
    const [chunks, head] = [length / chunk, width / heads];
    const lead = [count, chunks, heads];
    // softplus(0) = ln 2: a scale of zeros leaves queries as usual.
    const scales = mul(softplus(scope.param(this.per_dim_scale)), scalar(head ** -0.5 / Math.LN2));
    const byHead = (part: Tensor, rows: number): Tensor =>
      transpose(reshape(part, [count, chunks, rows, heads, head]), [0, 1, 3, 2, 4]);
    const q = mul(byHead(this.q_proj.forward(scope, x), chunk), scales);
    const around = (part: Tensor): Tensor =>
      byHead(withChunkBefore(reshape(part, [count, chunks, chunk, width])), 2 * chunk);
    const k = around(mul(this.k_proj.forward(scope, x), scalar(key_scale)));
    const v = around(this.v_proj.forward(scope, x));

    const near = matmul(q, k, { transB: true });
    const apart = distances.shape[0];
    const placed = reshape(this.relative_k_proj.forward(scope, distances), [apart, heads, head]);
    const places = transpose(placed, [1, 0, 2]);
    const flat = reshape(transpose(q, [2, 0, 1, 3, 4]), [heads, count * chunks * chunk, head]);
    const byDistance = reshape(matmul(flat, places, { transB: true }), [heads, count, chunks, chunk, apart]);
    const far = shifted(transpose(byDistance, [1, 2, 0, 3, 4]), 2 * chunk);

    const bent = softcap(add(near, far), score_cap);
    const seen = softmax(add(bent, reshape(mask, [chunks, 1, chunk, 2 * chunk])));
    const out = reshape(matmul(seen, v), [...lead, chunk, head]);
    return reshape(transpose(out, [0, 1, 3, 2, 4]), x.shape);
  }
}

/** Chunks [N, C, S, D] -> [N, C, 2·S, D], each behind the one before it; zeros before the first. */
function withChunkBefore(x: Tensor): Tensor {
  const [, chunks] = x.shape;
  const before = slice(pad(x, [0, 1, 0, 0], [0, 0, 0, 0]), 1, 0, chunks);
  return concat([before, x], 2);
}

/** Scores by distance [..., S, distances] -> by key [..., S, keys]: row i moves i places to the right. */
function shifted(x: Tensor, keys: number): Tensor {
  const lead = x.shape.slice(0, -2);
  const [rows, distances] = x.shape.slice(-2);
  const none = lead.map(() => 0);
  const wide = pad(x, [...none, 0, 0], [...none, 0, keys + 1 - distances]);
  const flat = slice(reshape(wide, [...lead, rows * (keys + 1)]), -1, 0, rows * keys);
  return reshape(flat, [...lead, rows, keys]);
}
