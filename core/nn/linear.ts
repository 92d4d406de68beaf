import { add, groupedMatmul, matmul, reshape, sizeOf, type Tensor } from '../graph/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** Anything that maps features to features: a linear layer, or a tuner's wrapper around one. */
export abstract class LinearLike extends Module {
  abstract readonly in_features: number;
  abstract readonly out_features: number;
  /** x [..., in] -> [..., out] */
  abstract forward(scope: Scope, x: Tensor): Tensor;
  /**
   * Each row by the layer of its group, all layers of this one's kind and shape: x [N, in] sorted by group, int32 sizes
   * [E] -> [N, out].
   */
  abstract forwardGroup(scope: Scope, x: Tensor, sizes: Tensor, group: readonly LinearLike[]): Tensor;
}

export interface LinearOptions {
  readonly bias?: boolean;
  /** The weight is stored [in, out] (GPT-2's Conv1D), not [out, in]. */
  readonly transposed?: boolean;
}

/** What makes the layers of a module; `Linear` where nothing is said. */
export type MakeLinear = (in_features: number, out_features: number, options?: LinearOptions) => LinearLike;

/** y = x·Wᵀ + b. x [..., in] -> [..., out]. */
export class Linear extends LinearLike {
  readonly weight: Parameter;
  readonly bias?: Parameter;
  readonly transposed: boolean;

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    { bias = false, transposed = false }: LinearOptions = {},
  ) {
    super();
    this.transposed = transposed;
    this.weight = new Parameter(transposed ? [in_features, out_features] : [out_features, in_features]);
    if (bias) this.bias = new Parameter([out_features]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const rows = reshape(x, [sizeOf(x.shape) / this.in_features, this.in_features]);
    const y = this.transposed ? this.byColumns(scope, rows) : scope.linear(rows, this.weight, this.bias);
    return reshape(y, [...x.shape.slice(0, -1), this.out_features]);
  }

  forwardGroup(scope: Scope, x: Tensor, sizes: Tensor, group: readonly LinearLike[]): Tensor {
    const weights = group.map((linear) => {
      if (!(linear instanceof Linear) || linear.bias)
        throw new Error('grouped layers are plain and without bias');
      return scope.param(linear.weight);
    });
    return groupedMatmul(x, sizes, weights, this.transposed);
  }

  private byColumns(scope: Scope, rows: Tensor): Tensor {
    const y = matmul(rows, scope.param(this.weight));
    return this.bias ? add(y, scope.param(this.bias)) : y;
  }
}

export const plainLinear: MakeLinear = (into, out, options) => new Linear(into, out, options);
