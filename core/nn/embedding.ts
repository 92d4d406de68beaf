import type { Tensor } from '../graph/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** A table of vectors: ids int32 [N] -> [N, width]. */
export class Embedding extends Module {
  readonly weight: Parameter;

  constructor(
    readonly count: number,
    readonly width: number,
  ) {
    super();
    this.weight = new Parameter([count, width]);
  }

  /** int32 [N] -> [N, width] */
  forward(scope: Scope, ids: Tensor): Tensor {
    return scope.rows(this.weight, ids);
  }
}
