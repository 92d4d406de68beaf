import { add, mul, reshape, scalar, sizeOf, type Tensor } from '../../graph/index.js';
import { Linear, type LinearOptions } from '../linear.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

export interface PartialLoraOptions extends LinearOptions {
  readonly rank: number;
  /** Factor on what is added. */
  readonly factor: number;
}

/**
 * A layer that adds the product of two small matrices for tokens of media, and for these alone (InternLM-XComposer2; Dong et al., 2024,
 * arXiv 2401.16420). These are no layers of their own: adapters stand beside the whole.
 */
export class PartialLora extends Linear {
  readonly down: Parameter;
  readonly up: Parameter;
  private readonly factor: number;

  constructor(in_features: number, out_features: number, { rank, factor, ...options }: PartialLoraOptions) {
    super(in_features, out_features, options);
    this.names = { down: 'Plora_A.weight', up: 'Plora_B.weight' };
    this.factor = factor;
    this.down = new Parameter([rank, in_features]);
    this.up = new Parameter([out_features, rank]);
  }

  override forward(scope: Scope, x: Tensor): Tensor {
    const plain = super.forward(scope, x);
    const { media } = scope;
    if (!media) return plain;
    const rows = reshape(x, [sizeOf(x.shape) / this.in_features, this.in_features]);
    const added = scope.linear(scope.linear(rows, this.down), this.up);
    const share = mul(reshape(media, [...media.shape, 1]), scalar(this.factor));
    return add(plain, mul(reshape(added, plain.shape), share));
  }
}
