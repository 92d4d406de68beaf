import { reshape, transpose, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { RmsNorm } from '../norm.js';
import type { Scope } from '../scope.js';
import { Merger } from './patch-merger.js';
import type { ProjectorSize } from './projector.js';

export interface ProjectingSize extends ProjectorSize {
  /** Squares of patches that become one, by one matrix behind a norm; absent: each patch is a feature. */
  readonly squares?: { readonly merge_size: number; readonly eps: number };
}

/** Patches to features by two layers; squares of them to one before, where that is asked for (Pixtral, Mistral 3.1). */
export class ProjectingMerger extends Merger {
  readonly norm?: RmsNorm;
  readonly patch_merger?: SquareMerger;
  linear_1: LinearLike;
  linear_2: LinearLike;
  private readonly activation: (x: Tensor) => Tensor;

  constructor({ width, hidden_size, activation, bias, squares }: ProjectingSize) {
    super();
    this.activation = activation;
    if (squares) {
      this.norm = new RmsNorm(width, squares.eps);
      this.patch_merger = new SquareMerger(width, squares.merge_size);
    }
    this.linear_1 = new Linear(width, hidden_size, { bias });
    this.linear_2 = new Linear(hidden_size, hidden_size, { bias });
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const normed = this.norm?.forward(scope, patches) ?? patches;
    const merged = this.patch_merger?.forward(scope, normed) ?? normed;
    return this.linear_2.forward(scope, this.activation(this.linear_1.forward(scope, merged)));
  }
}

/** [P, D] -> [P / merge², D]; a square's values lie channel by channel. */
class SquareMerger extends Module {
  merging_layer: LinearLike;

  constructor(
    private readonly width: number,
    private readonly merge: number,
  ) {
    super();
    this.merging_layer = new Linear(width * merge ** 2, width);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { width, merge } = this;
    const squares = reshape(patches, [patches.shape[0] / merge ** 2, merge ** 2, width]);
    const channels = reshape(transpose(squares, [0, 2, 1]), [squares.shape[0], width * merge ** 2]);
    return this.merging_layer.forward(scope, channels);
  }
}
