import { greaterEqual, reshape, scalar, sub, where, type Tensor } from '../graph/index.js';
import { Module, type Names } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** A table of vectors: ids int32 [N] -> [N, width]. */
export class Embedding extends Module {
  readonly weight: Parameter;

  /** @param own how many of the vectors its weight holds */
  constructor(
    readonly count: number,
    readonly width: number,
    own = count,
  ) {
    super();
    this.weight = new Parameter([own, width]);
  }

  /** int32 [N] -> [N, width] */
  forward(scope: Scope, ids: Tensor): Tensor {
    return scope.rows(this.weight, ids);
  }
}

/** A table whose last rows are stored apart from the others (Molmo). */
export class ExtendedEmbedding extends Embedding {
  readonly added: Parameter;

  constructor(
    private readonly own: number,
    added: number,
    width: number,
    names: Names,
  ) {
    super(own + added, width, own);
    this.names = names;
    this.added = new Parameter([added, width]);
  }

  override forward(scope: Scope, ids: Tensor): Tensor {
    const [first, zero] = [scalar(this.own, 'int32'), scalar(0, 'int32')];
    const isAdded = greaterEqual(ids, first);
    const own = scope.rows(this.weight, where(isAdded, zero, ids));
    const added = scope.rows(this.added, where(isAdded, sub(ids, first), zero));
    return where(reshape(isAdded, [ids.shape[0], 1]), added, own);
  }
}
