import { add, matmul, reshape, sizeOf, transpose, type Tensor } from '../../graph/index.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

export interface PatchEmbeddingOptions {
  readonly bias?: boolean;
  /** The order of a patch's values where checkpoints hold the matrix as [D, values], not as a convolution [D, C, …]. */
  readonly flat?: 'channels-first' | 'channels-last';
}

/** A convolution whose steps are as long as its kernel: a matrix over whole patches [N, values] -> [N, D]. */
export class PatchEmbedding extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  /** @param patch channels, and the extents of a patch */
  constructor(
    private readonly width: number,
    private readonly patch: readonly number[],
    private readonly options: PatchEmbeddingOptions = {},
  ) {
    super();
    const { bias, flat } = options;
    this.weight = new Parameter([width, ...(flat ? [sizeOf(patch)] : patch)]);
    if (bias) this.bias = new Parameter([width]);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const weight = reshape(this.byChannels(scope.param(this.weight)), [this.width, patches.shape[1]]);
    const rows = matmul(patches, weight, { transB: true });
    return this.bias ? add(rows, scope.param(this.bias)) : rows;
  }

  private byChannels(weight: Tensor): Tensor {
    if (this.options.flat !== 'channels-last') return weight;
    const [channels, ...extents] = this.patch;
    return transpose(reshape(weight, [this.width, sizeOf(extents), channels]), [0, 2, 1]);
  }
}
