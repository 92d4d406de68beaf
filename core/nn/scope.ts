import type { Shape, Tensor } from '../graph/index.js';
import type { Parameter } from './parameter.js';

/** How much each adapter counts, by name: a factor, or one for each row of the batch, float32 [B]. One that is not named does not take part. */
export type AdapterWeights = ReadonlyMap<string, number | Tensor>;

/** What a module's `forward` may ask for while it is traced. */
export interface Scope {
  /** The float32 values of a parameter in this segment. */
  param(parameter: Parameter): Tensor;
  /** Rows of a table [V, ...] picked by int32 `ids` [N] -> [N, ...]; only those rows are widened. */
  rows(table: Parameter, ids: Tensor): Tensor;
  /** x [M, K] times a weight [N, K] in whatever format it is held, transposed, plus `bias` [N] -> [M, N]. */
  linear(x: Tensor, weight: Parameter, bias?: Parameter): Tensor;
  /**
   * Cross entropy of a linear head [V, D], in whatever format it is held, over x [N, D] against int32 labels [N]:
   * loss [N] in nats, and 1 where the label has the largest logit.
   */
  crossEntropy(x: Tensor, head: Parameter, labels: Tensor): { loss: Tensor; correct: Tensor };
  /** A uint8 mask of ones and zeros with drop probability `p`, drawn anew for each training step. */
  dropoutMask(shape: Shape, p: number): Tensor;
  /** The adapters that take part. */
  readonly adapters: AdapterWeights;
  /** The same scope for rows in another order than the batch's, with what adapters count in each. */
  withAdapters(adapters: AdapterWeights): Scope;
  /** See `Sides.media`: 1 at tokens that layers of their own for media work on, float32 [B, T]. */
  readonly media?: Tensor;
  /** The same scope among such tokens. */
  withMedia(media: Tensor): Scope;
  /** False while generating or evaluating: dropout is off. */
  readonly training: boolean;
}
