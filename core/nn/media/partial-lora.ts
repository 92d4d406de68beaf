import { add, mul, reshape, scalar, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike, type LinearOptions } from '../linear.js';
import type { Scope } from '../scope.js';

export interface PartialLoraOptions extends LinearOptions {
  readonly rank: number;
  /** Factor on what is added. */
  readonly factor: number;
}

/** A layer that adds the product of two small matrices for tokens of media, and for these alone (InternLM-XComposer2; Dong et al., 2024, arXiv 2401.16420). */
export class PartialLora extends Linear {
  Plora_A: LinearLike;
  Plora_B: LinearLike;
  private readonly factor: number;

  constructor(in_features: number, out_features: number, { rank, factor, ...options }: PartialLoraOptions) {
    super(in_features, out_features, options);
    this.factor = factor;
    this.Plora_A = new Linear(in_features, rank);
    this.Plora_B = new Linear(rank, out_features);
  }

  override forward(scope: Scope, x: Tensor): Tensor {
    const plain = super.forward(scope, x);
    const { media } = scope;
    if (!media) return plain;
    const share = mul(reshape(media, [...media.shape, 1]), scalar(this.factor));
    return add(plain, mul(this.Plora_B.forward(scope, this.Plora_A.forward(scope, x)), share));
  }
}
