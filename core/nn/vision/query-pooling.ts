import { attention, reduceMean, reshape, silu, zeros, type Tensor } from '../../graph/index.js';
import { GatedMlp } from '../feed-forward.js';
import { Linear, type LinearLike } from '../linear.js';
import type { Names } from '../module.js';
import { Module } from '../module.js';
import type { Scope } from '../scope.js';
import { Connector } from './connector.js';

export interface QueryPoolingSize {
  /** Rows that become one feature. */
  readonly rows: number;
  /** Of the rows, and of the pool. */
  readonly width: number;
  readonly pool_width: number;
  readonly heads: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
}

/** The mean of some rows attends to them, and a gated feed-forward leads on (Molmo; Deitke et al., 2024, arXiv 2409.17146). */
export class QueryPooling extends Connector {
  readonly pooling: Pooling;
  readonly projector: GatedMlp;

  constructor(
    private readonly size: QueryPoolingSize,
    names: Names,
  ) {
    super();
    this.names = names;
    this.pooling = new Pooling(size);
    const { pool_width, hidden_size, intermediate_size } = size;
    this.projector = new GatedMlp({
      hidden_size: pool_width,
      out_size: hidden_size,
      intermediate_size,
      activation: silu,
      names: { gate_proj: 'w1', up_proj: 'w3', down_proj: 'w2' },
    });
  }

  rows(seen: number): number {
    return seen / this.size.rows;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const [tiles, count, width] = seen.shape;
    const groups = (tiles * count) / this.size.rows;
    const pooled = this.pooling.forward(scope, reshape(seen, [groups, this.size.rows, width]));
    const { hidden } = this.projector.forward(scope, pooled);
    return reshape(hidden, [tiles, groups / tiles, hidden.shape[1]]);
  }
}

/** [N, rows, W] -> [N, P] */
class Pooling extends Module {
  wq: LinearLike;
  wk: LinearLike;
  wv: LinearLike;
  wo: LinearLike;

  constructor(private readonly size: QueryPoolingSize) {
    super();
    const { width, pool_width } = size;
    const project = (from: number): Linear => new Linear(from, pool_width, { bias: true });
    this.wq = project(width);
    this.wk = project(width);
    this.wv = project(width);
    this.wo = project(pool_width);
  }

  forward(scope: Scope, groups: Tensor): Tensor {
    const { pool_width: width, heads, rows } = this.size;
    const query = this.wq.forward(scope, reduceMean(groups, [1], true));
    const [keys, values] = [this.wk.forward(scope, groups), this.wv.forward(scope, groups)];
    const options = { heads, kvHeads: heads, scale: (width / heads) ** -0.5, causal: false };
    const pooled = this.wo.forward(scope, attention(query, keys, values, zeros([1, rows]), options));
    return reshape(pooled, [pooled.shape[0], width]);
  }
}
