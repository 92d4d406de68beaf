import { rmsNorm, type Tensor } from '../graph/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** Root-mean-square norm with a learned weight. */
export class RmsNorm extends Module {
  readonly weight: Parameter;

  constructor(
    width: number,
    readonly eps: number,
  ) {
    super();
    this.weight = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return rmsNorm(x, scope.param(this.weight), this.eps);
  }
}
