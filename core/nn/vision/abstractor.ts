import { add, attention, concat, expand, mul, silu, zeros, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { Connector } from './connector.js';

export interface AbstractorSize {
  /** Features of a tile, but for the last one. */
  readonly queries: number;
  /** Rows of a tile that the transformer gives. */
  readonly rows: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly intermediate_size: number;
  /** Of the norm inside feed-forwards. */
  readonly eps: number;
  readonly hidden_size: number;
}

/**
 * Learned queries that attend to a tile's rows and to each other, in layers, and a learned feature behind them (mPLUG-Owl2; Ye et al.,
 * 2023, arXiv 2311.04257).
 */
export class VisualAbstractor extends Connector {
  readonly query_embeds: Parameter;
  readonly layers: AbstractorLayer[];
  visual_fc: LinearLike;
  readonly vit_eos: Parameter;

  constructor(private readonly size: AbstractorSize) {
    super();
    const { queries, width, hidden_size } = size;
    this.names = { layers: 'encoder.layers' };
    this.query_embeds = new Parameter([1, queries, width]);
    this.layers = Array.from({ length: size.layers }, () => new AbstractorLayer(size));
    this.visual_fc = new Linear(width, hidden_size, { bias: true });
    this.vit_eos = new Parameter([1, 1, hidden_size]);
  }

  rows(): number {
    return this.size.queries + 1;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const { queries, width, hidden_size } = this.size;
    const [tiles] = seen.shape;
    let asked = expand(scope.param(this.query_embeds), [tiles, queries, width]);
    for (const layer of this.layers) asked = layer.forward(scope, asked, seen);
    const last = expand(scope.param(this.vit_eos), [tiles, 1, hidden_size]);
    return concat([this.visual_fc.forward(scope, asked), last], 1);
  }
}

const PLACES: Names = Object.fromEntries(
  [
    ...['norm1', 'normk'],
    ...['query', 'key', 'value', 'q_pos_embed', 'k_pos_embed'].map((name) => `attention.${name}`),
    ...['output.out_proj', 'output.norm2'],
    ...['w1', 'w2', 'w3', 'ffn_ln'].map((name) => `output.mlp.${name}`),
  ].map((path) => [path.split('.').at(-1)!, `crossattention.${path}`]),
);

/** One of its layers: queries [N, Q, W], seen [N, S, W] -> [N, Q, W]. What is added goes to the normed queries, not to those that came. */
class AbstractorLayer extends Module {
  readonly norm1: LayerNorm;
  readonly normk: LayerNorm;
  query: LinearLike;
  key: LinearLike;
  value: LinearLike;
  /** Sinusoids, as checkpoints hold them: they never train. */
  readonly q_pos_embed: Parameter;
  readonly k_pos_embed: Parameter;
  out_proj: LinearLike;
  readonly norm2: LayerNorm;
  w1: LinearLike;
  w2: LinearLike;
  w3: LinearLike;
  readonly ffn_ln: LayerNorm;

  constructor(private readonly size: AbstractorSize) {
    super();
    this.names = PLACES;
    const { width, queries, rows, intermediate_size: inner, eps } = size;
    const linear = (from: number, to: number): Linear => new Linear(from, to, { bias: true });
    this.norm1 = new LayerNorm(width, 1e-5);
    this.normk = new LayerNorm(width, 1e-5);
    this.query = linear(width, width);
    this.key = linear(width, width);
    this.value = linear(width, width);
    this.q_pos_embed = new Parameter([queries, width]);
    this.k_pos_embed = new Parameter([rows, width]);
    this.q_pos_embed.idle = this.k_pos_embed.idle = true;
    this.out_proj = linear(width, width);
    this.norm2 = new LayerNorm(width, 1e-5);
    this.w1 = linear(width, inner);
    this.w2 = linear(inner, width);
    this.w3 = linear(width, inner);
    this.ffn_ln = new LayerNorm(inner, eps);
  }

  forward(scope: Scope, asked: Tensor, seen: Tensor): Tensor {
    const { width, heads, queries, rows } = this.size;
    const normed = this.norm1.forward(scope, asked);
    const values = concat([normed, this.normk.forward(scope, seen)], 1);
    const [ofQueries, ofRows] = [scope.param(this.q_pos_embed), scope.param(this.k_pos_embed)];
    const options = { heads, kvHeads: heads, scale: (width / heads) ** -0.5, causal: false };
    const found = attention(
      this.query.forward(scope, add(normed, ofQueries)),
      this.key.forward(scope, add(values, concat([ofQueries, ofRows], 0))),
      this.value.forward(scope, values),
      zeros([queries, queries + rows]),
      options,
    );
    const middle = add(normed, this.out_proj.forward(scope, found));
    return add(middle, this.fed(scope, this.norm2.forward(scope, middle)));
  }

  private fed(scope: Scope, x: Tensor): Tensor {
    const gated = mul(silu(this.w1.forward(scope, x)), this.w3.forward(scope, x));
    return this.w2.forward(scope, this.ffn_ln.forward(scope, gated));
  }
}
