import type { Shape, Tensor } from '../graph/index.js';
import type { BlockContext, RouterStatistics } from './causal-lm.js';
import type { FeedForward } from './feed-forward.js';
import { Module } from './module.js';
import type { Scope } from './scope.js';

/** What a mixer makes of a sequence. */
export interface Mixed {
  readonly hidden: Tensor;
  /** The state after this call; only for a cached context. */
  readonly state?: readonly Tensor[];
  /** Keys and values of a whole context, [B, T, K·hd] each, for layers that share them. */
  readonly lent?: readonly Tensor[];
  /** How a mixture of experts in its place was used. */
  readonly router?: RouterStatistics;
}

/** The part of a block that mixes positions: attention, or a state-space layer. */
export abstract class Mixer extends Module {
  /** Whether it keeps a state that runs on from sample to sample, not a cache of positions. */
  readonly recurrent: boolean = false;
  /** What checkpoints call it, where that is not what they call attention. */
  readonly slot?: string;
  /** x [B, T, D] -> [B, T, D] */
  abstract forward(scope: Scope, x: Tensor, context: BlockContext): Mixed;
  /** Shapes of what generation keeps between calls, float32, for rows of up to `capacity` positions. */
  abstract state(batch: number, capacity: number): readonly Shape[];
}

/** A feed-forward where a block has its only part, which mixes nothing (Nemotron-H). */
export class FeedForwardMixer extends Mixer {
  override names = { inner: '' };

  constructor(readonly inner: FeedForward) {
    super();
  }

  forward(scope: Scope, x: Tensor, context: BlockContext): Mixed {
    const fed = this.inner.forward(scope, x, context);
    return context.kind === 'cached' ? { ...fed, state: [] } : fed;
  }

  state(): Shape[] {
    return [];
  }
}
