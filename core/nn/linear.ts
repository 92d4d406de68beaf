import { reshape, sizeOf, type Tensor } from '../graph/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** Anything that maps features to features: a linear layer, or a tuner's wrapper around one. */
export abstract class LinearLike extends Module {
  abstract readonly in_features: number;
  abstract readonly out_features: number;
  abstract forward(scope: Scope, x: Tensor): Tensor;
}

/** y = x·Wᵀ + b with weight [out, in]. x [..., in] -> [..., out]. */
export class Linear extends LinearLike {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    bias = false,
  ) {
    super();
    this.weight = new Parameter([out_features, in_features]);
    if (bias) this.bias = new Parameter([out_features]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const rows = sizeOf(x.shape) / this.in_features;
    const y = scope.linear(reshape(x, [rows, this.in_features]), this.weight, this.bias);
    return reshape(y, [...x.shape.slice(0, -1), this.out_features]);
  }
}
