import { greaterEqual, reshape, scalar, sub, where, type Tensor } from '../graph/index.js';
import { Module, type Names } from './module.js';
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

/** A table whose last rows are stored apart from the others (Molmo). */
export class ExtendedEmbedding extends Embedding {
  readonly added: Parameter;

  constructor(count: number, added: number, width: number, names: Names) {
    super(count, width);
    this.names = names;
    this.added = new Parameter([added, width]);
  }

  override forward(scope: Scope, ids: Tensor): Tensor {
    const [count, zero] = [scalar(this.count, 'int32'), scalar(0, 'int32')];
    const isAdded = greaterEqual(ids, count);
    const own = scope.rows(this.weight, where(isAdded, zero, ids));
    const added = scope.rows(this.added, where(isAdded, sub(ids, count), zero));
    return where(reshape(isAdded, [ids.shape[0], 1]), added, own);
  }
}
