import { matmul, reshape, type Tensor } from '../../graph/index.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

/** A convolution whose steps are as long as its kernel, without bias: a matrix over whole patches [N, values] -> [N, D]. */
export class PatchEmbedding extends Module {
  readonly weight: Parameter;

  /** @param patch channels, and the extents of a patch */
  constructor(
    private readonly width: number,
    patch: readonly number[],
  ) {
    super();
    this.weight = new Parameter([width, ...patch]);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const weight = reshape(scope.param(this.weight), [this.width, patches.shape[1]]);
    return matmul(patches, weight, { transB: true });
  }
}
