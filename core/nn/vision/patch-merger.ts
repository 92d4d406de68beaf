import { gelu, mul, reshape, transpose, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module, type Names } from '../module.js';
import { createNorm, LayerNorm, RmsNorm, type Norm, type NormKind } from '../norm.js';
import type { Scope } from '../scope.js';
import { PatchEmbedding } from './patch-embedding.js';

export interface PatchMergerSize {
  readonly width: number;
  /** Side of the square of patches that becomes one feature. */
  readonly merge_size: number;
  /** Width of a feature. */
  readonly out: number;
  readonly norm: NormKind;
  readonly eps: number;
  /** Whether whole squares are normed, not each patch. */
  readonly normsSquares?: boolean;
  readonly names: Names;
}

/** From what a tower saw in patches to features: [P, D] -> [P / merge², out]. */
export abstract class Merger extends Module {
  abstract forward(scope: Scope, patches: Tensor): Tensor;
}

/** Neighbouring patches, one behind the other, through two layers. */
export class PatchMerger extends Merger {
  readonly norm: Norm;
  up: LinearLike;
  down: LinearLike;

  constructor(private readonly size: PatchMergerSize) {
    super();
    const { width, merge_size, out, norm, eps, normsSquares, names } = size;
    this.names = names;
    const inner = width * merge_size ** 2;
    this.norm = createNorm(norm, normsSquares ? inner : width, eps);
    this.up = new Linear(inner, inner, { bias: true });
    this.down = new Linear(inner, out, { bias: true });
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { in_features: inner } = this.up;
    const squares = (x: Tensor): Tensor => reshape(x, [(x.shape[0] * x.shape[1]) / inner, inner]);
    const normed = this.size.normsSquares
      ? this.norm.forward(scope, squares(patches))
      : squares(this.norm.forward(scope, patches));
    return this.down.forward(scope, gelu(this.up.forward(scope, normed)));
  }
}

export interface ConvMergerSize {
  readonly width: number;
  readonly merge_size: number;
  readonly out: number;
  readonly intermediate_size: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
}

/** Neighbouring patches normed and through a convolution as long as its steps, then through a gated feed-forward (GLM-4.1V). */
export class ConvMerger extends Merger {
  readonly post_layernorm: RmsNorm;
  readonly downsample: PatchEmbedding;
  readonly merger: GatedMerger;

  constructor(private readonly size: ConvMergerSize) {
    super();
    const { width, merge_size, out, eps } = size;
    this.post_layernorm = new RmsNorm(width, eps);
    this.downsample = new PatchEmbedding(out, [width, merge_size, merge_size], { bias: true });
    this.merger = new GatedMerger(size);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { width, merge_size } = this.size;
    const square = merge_size ** 2;
    const count = patches.shape[0] / square;
    const squares = reshape(this.post_layernorm.forward(scope, patches), [count, square, width]);
    // The convolution's weight is stored channel by channel.
    const channels = reshape(transpose(squares, [0, 2, 1]), [count, width * square]);
    return this.merger.forward(scope, this.downsample.forward(scope, channels));
  }
}

/** [F, D] -> [F, D] */
class GatedMerger extends Module {
  proj: LinearLike;
  readonly post_projection_norm: LayerNorm;
  gate_proj: LinearLike;
  up_proj: LinearLike;
  down_proj: LinearLike;
  private readonly activation: (x: Tensor) => Tensor;

  constructor({ out, intermediate_size: inner, activation }: ConvMergerSize) {
    super();
    this.activation = activation;
    this.proj = new Linear(out, out);
    this.post_projection_norm = new LayerNorm(out, 1e-5);
    this.gate_proj = new Linear(out, inner);
    this.up_proj = new Linear(out, inner);
    this.down_proj = new Linear(inner, out);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const first = gelu(this.post_projection_norm.forward(scope, this.proj.forward(scope, x)));
    const gate = this.activation(this.gate_proj.forward(scope, first));
    return this.down_proj.forward(scope, mul(gate, this.up_proj.forward(scope, first)));
  }
}
