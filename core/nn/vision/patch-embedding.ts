import { add, matmul, reshape, transpose, type Tensor } from '../../graph/index.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

/** A convolution whose steps are as long as its kernel: a matrix over whole patches [N, values] -> [N, D]. */
export class PatchEmbedding extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  private readonly flat: boolean;

  /** @param patch channels, and the extents of a patch @param flat whether checkpoints hold the matrix of a patch whose channels are its last axis */
  constructor(
    private readonly width: number,
    private readonly patch: readonly number[],
    { bias = false, flat = false }: { readonly bias?: boolean; readonly flat?: boolean } = {},
  ) {
    super();
    this.flat = flat;
    const values = patch.reduce((product, extent) => product * extent, 1);
    this.weight = new Parameter(flat ? [width, values] : [width, ...patch]);
    if (bias) this.bias = new Parameter([width]);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const weight = reshape(this.byChannels(scope.param(this.weight)), [this.width, patches.shape[1]]);
    const rows = matmul(patches, weight, { transB: true });
    return this.bias ? add(rows, scope.param(this.bias)) : rows;
  }

  private byChannels(weight: Tensor): Tensor {
    if (!this.flat) return weight;
    const [channels, ...extents] = this.patch;
    const pixels = extents.reduce((product, extent) => product * extent, 1);
    return transpose(reshape(weight, [this.width, pixels, channels]), [0, 2, 1]);
  }
}
