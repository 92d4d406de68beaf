import { add, matmul, reshape, type Tensor } from '../../graph/index.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

/** A convolution whose steps are as long as its kernel: a matrix over whole patches [N, values] -> [N, D]. */
export class PatchEmbedding extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  /** @param patch channels, and the extents of a patch */
  constructor(
    private readonly width: number,
    patch: readonly number[],
    { bias = false }: { readonly bias?: boolean } = {},
  ) {
    super();
    this.weight = new Parameter([width, ...patch]);
    if (bias) this.bias = new Parameter([width]);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const weight = reshape(scope.param(this.weight), [this.width, patches.shape[1]]);
    const rows = matmul(patches, weight, { transB: true });
    return this.bias ? add(rows, scope.param(this.bias)) : rows;
  }
}
