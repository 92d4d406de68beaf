import type { Tensor } from '../graph/index.js';
import { Module } from './module.js';
import type { RopeTables } from './rotary.js';
import type { Scope } from './scope.js';

/** What a decoder block sees beside the hidden states. */
export type BlockContext = FullContext | CachedContext;

/** Whole sequences at once: training, evaluation. */
export interface FullContext {
  readonly kind: 'full';
  /** Rotary tables [S, head_dim / 2]. */
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** int32 [B, T] */
  readonly position_ids: Tensor;
  /** Additive mask [T, T] or [B, T, T]. */
  readonly mask: Tensor;
}

/** New positions against a key/value cache: generation. */
export interface CachedContext {
  readonly kind: 'cached';
  readonly cos: Tensor;
  readonly sin: Tensor;
  readonly position_ids: Tensor;
  /** Filled positions per row, int32 [B]. */
  readonly past: Tensor;
  /** [B, kvHeads, S, head_dim] */
  readonly cachedK: Tensor;
  readonly cachedV: Tensor;
}

export interface BlockOutput {
  readonly hidden: Tensor;
  /** The caches after this call; only for a cached context. */
  readonly cachedK?: Tensor;
  readonly cachedV?: Tensor;
}

/** One repeated block: hidden [B, T, D] -> hidden. */
export abstract class Block extends Module {
  abstract forward(scope: Scope, hidden: Tensor, context: BlockContext): BlockOutput;
}

/** The facts about a causal language model that engines need. */
export interface CausalLMShape {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly max_position_embeddings: number;
}

/**
 * A causal language model as three kinds of segment: embedding, equal blocks, head. Engines trace each apart, so
 * that every block shares one compiled graph and one copy of its weights serves forward and backward.
 */
export abstract class CausalLM extends Module {
  abstract readonly shape: CausalLMShape;
  abstract readonly blocks: readonly Block[];
  /** ids int32 [N] -> [N, D] */
  abstract embed(scope: Scope, ids: Tensor): Tensor;
  /** hidden [N, D], labels int32 [N] -> cross entropy [N] in nats, and 1 where the label is the argmax. */
  abstract loss(scope: Scope, hidden: Tensor, labels: Tensor): { loss: Tensor; correct: Tensor };
  /** hidden [N, D] -> [N, V] */
  abstract logits(scope: Scope, hidden: Tensor): Tensor;
  /**
   * Rotary tables for positions 0 … length − 1.
   * @param used positions of the longest sequence at hand; some models scale by it
   */
  abstract rope(length: number, used: number): RopeTables;
  /** Up to how many used positions the rotary tables stay the same; Infinity for most models. */
  abstract readonly ropeFixedUntil: number;
  /** State-dict names that are one tensor, `[alias, owner]`, e.g. a tied head. */
  abstract readonly tied: readonly (readonly [alias: string, owner: string])[];
}
