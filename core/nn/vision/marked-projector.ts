import {
  add,
  concat,
  expand,
  gelu,
  mul,
  reshape,
  scalar,
  silu,
  transpose,
  type Tensor,
} from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { Connector } from './connector.js';
import { PatchEmbedding } from './patch-embedding.js';

export interface MarkedSize {
  /** Rows of a tile that the transformer gives, and their width. */
  readonly rows: number;
  readonly width: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  /** Squares of 2 × 2 rows become one so wide by a convolution first. */
  readonly conv?: number;
  /** Learned vectors are added to the rows first (CogAgent). */
  readonly positions?: boolean;
  /** All features are divided by it; 1 when absent. */
  readonly divisor?: number;
}

const SQUARE = 2;

/** Rows through a norm and a gated feed-forward, between two learned marks (CogVLM; Wang et al., 2023, arXiv 2311.03079). */
export class MarkedProjector extends Connector {
  readonly pos_embed?: Parameter;
  readonly conv?: PatchEmbedding;
  readonly linear_proj: GatedProjection;
  readonly boi: Parameter;
  readonly eoi: Parameter;

  constructor(private readonly size: MarkedSize) {
    super();
    const { rows, width, conv, hidden_size } = size;
    if (size.positions) this.pos_embed = new Parameter([rows, width]);
    if (conv) this.conv = new PatchEmbedding(conv, [width, SQUARE, SQUARE], { bias: true });
    this.linear_proj = new GatedProjection(size);
    this.boi = new Parameter([1, 1, hidden_size]);
    this.eoi = new Parameter([1, 1, hidden_size]);
  }

  rows(seen: number): number {
    return (this.conv ? seen / SQUARE ** 2 : seen) + 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const [tiles] = seen.shape;
    const { hidden_size, divisor } = this.size;
    const placed = this.pos_embed ? add(seen, scope.param(this.pos_embed)) : seen;
    const rows = this.linear_proj.forward(scope, this.conv ? this.squares(scope, this.conv, placed) : placed);
    const mark = (one: Parameter): Tensor => expand(scope.param(one), [tiles, 1, hidden_size]);
    const marked = concat([mark(this.boi), rows, mark(this.eoi)], 1);
    return divisor === undefined ? marked : mul(marked, scalar(1 / divisor));
  }

  /** [N, S, W] -> [N, S / 4, C]; the convolution's weight is stored channel by channel. */
  private squares(scope: Scope, conv: PatchEmbedding, seen: Tensor): Tensor {
    const [tiles, rows, width] = seen.shape;
    const side = Math.sqrt(rows) / SQUARE;
    const cells = reshape(seen, [tiles, side, SQUARE, side, SQUARE, width]);
    const channels = transpose(cells, [0, 1, 3, 5, 2, 4]);
    const merged = conv.forward(scope, reshape(channels, [tiles * side * side, width * SQUARE ** 2]));
    return reshape(merged, [tiles, side * side, merged.shape[1]]);
  }
}

/** [..., W] -> [..., D] */
class GatedProjection extends Module {
  linear_proj: LinearLike;
  readonly norm1: LayerNorm;
  gate_proj: LinearLike;
  dense_h_to_4h: LinearLike;
  dense_4h_to_h: LinearLike;

  constructor({ width, conv = width, hidden_size, intermediate_size: inner }: MarkedSize) {
    super();
    this.linear_proj = new Linear(conv, hidden_size);
    this.norm1 = new LayerNorm(hidden_size, 1e-5);
    this.gate_proj = new Linear(hidden_size, inner);
    this.dense_h_to_4h = new Linear(hidden_size, inner);
    this.dense_4h_to_h = new Linear(inner, hidden_size);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const first = gelu(this.norm1.forward(scope, this.linear_proj.forward(scope, x)));
    const gate = silu(this.gate_proj.forward(scope, first));
    return this.dense_4h_to_h.forward(scope, mul(gate, this.dense_h_to_4h.forward(scope, first)));
  }
}
