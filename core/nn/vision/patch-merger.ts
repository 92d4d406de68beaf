import { gelu, reshape, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module, type Names } from '../module.js';
import { createNorm, type Norm, type NormKind } from '../norm.js';
import type { Scope } from '../scope.js';

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

/** Neighbouring patches, one behind the other, to a feature: [P, D] -> [P / merge², out]. */
export class PatchMerger extends Module {
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
