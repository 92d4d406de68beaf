import type { Tensor } from '../graph/index.js';
import type { BlockView } from './causal-lm.js';
import type { Scope } from './scope.js';
import type { InputShapes } from './media/tower.js';

/** Tensors by the names of the ports they pass through. */
export type Ports = Readonly<Record<string, Tensor>>;

/**
 * A part of a model's pass over a batch: a pure function from the ports it reads to the ports it writes. A port that no
 * stage has written is an input of the batch:
 *
 * | port | what |
 * |---|---|
 * | `input_ids`, `positions` | int32 [B·T] |
 * | `position_ids` | int32 [B, T] |
 * | `real` | 1 at tokens, 0 at padding, float32 [B, T] |
 * | `cos.R`, `sin.R` | rotary tables R of the model, [T, dims / 2]; [B·T, dims / 2] where tokens have several positions |
 * | `token_types` | which part of its sample a token is of, int32 [B·T]: 0 up to its first separator, 1 behind it |
 * | `mask.W` | additive, for a window of W positions, or `mask.all`: [T, T], or [B, T, T] where samples share rows |
 * | `mask.chunkC` | the same, for chunks of C positions |
 * | `mask.W.both` | the same of positions that see later ones too, [B, T, T] |
 * | `mask.W.media`, `mask.W.prefix` | causal, but for tokens that see each other both ways: see `BothWays` |
 * | `feature_index` | the row of `features` that stands at a token, int32 [B·T]; only where there are media |
 * | `is_feature` | 1 where one does, 0 elsewhere, float32 [B·T] |
 * | `media_tokens` | 1 at tokens that layers of their own for media work on, 0 elsewhere, float32 [B, T]; see `MediaLayers` |
 * | `cross_index` | the row of `features` that is each key of a row of the batch, int32 [B·S]; where blocks look at features |
 * | `cross_positions` | the position by which that key turns, int32 [B, S]; where keys of features do |
 * | `cross_mask`, `cross_attends`, `cross_feeds` | see `CrossContext` |
 * | any other | `Batch.inputs` |
 *
 * A stage may write a port anew that it reads, as every block does with `hidden`. Where several stages read one value,
 * its gradient is the sum of theirs.
 */
export interface Stage {
  readonly reads: readonly string[];
  /** The values of the ports it writes. */
  forward(scope: Scope, ports: Ports): Ports;
  /** Computes so little that backward does it again instead of keeping it. */
  readonly cheap?: boolean;
}

/** What stages are asked for. */
export interface StageOptions {
  /** Rows and positions of the batch. */
  readonly batch: number;
  readonly seq: number;
  /** Shapes of `Batch.inputs`, by port. */
  readonly inputs?: InputShapes;
  /** Whether blocks with routers write how they routed, `routerPort`. */
  readonly routers?: boolean;
}

/** The port of a block's view: which tables and which mask it reads. */
export const viewPorts = ({ rope, window, chunk, bidirectional, both_ways }: BlockView) => ({
  cos: `cos.${rope}`,
  sin: `sin.${rope}`,
  mask: ['mask', chunk ? `chunk${chunk}` : (window ?? 'all'), bidirectional ? 'both' : both_ways]
    .filter(Boolean)
    .join('.'),
});

/** Where the block of a layer says how its tokens were routed. */
export const routerPort = (layer: number, which: 'probabilities' | 'chosen'): string =>
  `router.${layer}.${which}`;

/** The port of what the embedding makes for the block of a layer alone, [B, T, width]. */
export const ownPort = (layer: number): string => `own.${layer}`;

/** Where the block of a layer gives its keys and values to others. */
export const lentPorts = (layer: number): readonly string[] => [`keys.${layer}`, `values.${layer}`];
