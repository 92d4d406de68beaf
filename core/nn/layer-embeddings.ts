import {
  add,
  detach,
  greaterEqual,
  mul,
  reshape,
  scalar,
  slice,
  sub,
  where,
  type Tensor,
} from '../graph/index.js';
import { Embedding } from './embedding.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import { RmsNorm } from './norm.js';
import type { Scope } from './scope.js';

export interface LayerEmbeddingSize {
  /** Of what a block gets. */
  readonly width: number;
  /** Rows of the table. */
  readonly rows: number;
  /** The id whose row is read where a feature of a medium stands. */
  readonly media_id: number;
}

/** What is embedded, of which each block gets something of its own. */
export interface EmbeddedTokens {
  /** int32 [N], the `media_id` where a feature stands. */
  readonly ids: Tensor;
  /** [B, T, D] before the first block. */
  readonly hidden: Tensor;
  /** 1 where a feature stands, [B, T, 1]: nothing flows back into the table from there. */
  readonly share?: Tensor;
}

/**
 * For each token a vector for each block (per-layer embeddings, Gemma 3n): the mean, times √2, of a row of a table and of what stands
 * before the first block, projected and normed.
 */
export class LayerEmbeddings extends Module {
  readonly embed_tokens_per_layer: Embedding;
  per_layer_model_projection: LinearLike;
  readonly per_layer_projection_norm: RmsNorm;

  constructor(
    private readonly size: LayerEmbeddingSize,
    private readonly model: {
      readonly hidden_size: number;
      readonly num_hidden_layers: number;
      readonly norm_eps: number;
    },
  ) {
    super();
    const { hidden_size, num_hidden_layers: layers, norm_eps } = model;
    this.embed_tokens_per_layer = new Embedding(size.rows, layers * size.width);
    this.per_layer_model_projection = new Linear(hidden_size, layers * size.width);
    this.per_layer_projection_norm = new RmsNorm(size.width, norm_eps);
  }

  /** Of each block [B, T, width]. */
  forward(scope: Scope, { ids, hidden, share }: EmbeddedTokens): Tensor[] {
    const { width, rows, media_id } = this.size;
    const { hidden_size, num_hidden_layers: layers } = this.model;
    const [batch, length] = hidden.shape;
    const shape = [batch, length, layers, width];
    // Tokens that were added later have no rows here.
    const known = where(greaterEqual(ids, scalar(rows, 'int32')), scalar(media_id, 'int32'), ids);
    const read = reshape(this.embed_tokens_per_layer.forward(scope, known), [batch, length, layers * width]);
    const own = share ? add(mul(read, sub(scalar(1), share)), mul(detach(read), share)) : read;
    const projected = mul(
      this.per_layer_model_projection.forward(scope, hidden),
      scalar(hidden_size ** -0.5),
    );
    const normed = this.per_layer_projection_norm.forward(scope, reshape(projected, shape));
    const both = mul(add(normed, reshape(mul(own, scalar(width ** 0.5)), shape)), scalar(0.5 ** 0.5));
    return Array.from({ length: layers }, (_, layer) =>
      reshape(slice(both, 2, layer, layer + 1), [batch, length, width]),
    );
  }
}
