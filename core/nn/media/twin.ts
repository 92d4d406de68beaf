import { add, mul, reshape, scalar, sub, type Tensor } from '../../graph/index.js';
import type { BlockContext } from '../causal-lm.js';
import { FeedForward, type Fed } from '../feed-forward.js';
import { Linear, LinearLike } from '../linear.js';
import type { Names } from '../module.js';
import { Norm } from '../norm.js';
import type { Scope } from '../scope.js';

/** What one of two gives of x [B, T, ...] for tokens of text, the other for tokens of media. Where there are none of these, one is not asked. */
function byToken({ media }: Scope, text: () => Tensor, ofMedia: () => Tensor): Tensor {
  if (!media) return text();
  const share = reshape(media, [...media.shape, 1]);
  return add(mul(text(), sub(scalar(1), share)), mul(ofMedia(), share));
}

/** Whether each of two layers has a bias. */
export interface TwinBias {
  readonly text: boolean;
  readonly media: boolean;
}

/** A layer for tokens of text and one for those of media (the visual experts of CogVLM; Wang et al., 2023, arXiv 2311.03079). */
export class TwinLinear extends LinearLike {
  text: LinearLike;
  media: LinearLike;

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    bias: TwinBias,
    names: Names,
  ) {
    super();
    this.names = names;
    this.text = new Linear(in_features, out_features, { bias: bias.text });
    this.media = new Linear(in_features, out_features, { bias: bias.media });
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return byToken(
      scope,
      () => this.text.forward(scope, x),
      () => this.media.forward(scope, x),
    );
  }

  forwardGroup(): Tensor {
    throw new Error('layers of their own for media are no experts of a mixture');
  }
}

/** The same of whole feed-forwards. */
export class TwinMlp extends FeedForward {
  constructor(
    readonly text: FeedForward,
    readonly media: FeedForward,
    names: Names,
  ) {
    super();
    this.names = names;
  }

  forward(scope: Scope, x: Tensor, context: BlockContext): Fed {
    const hidden = byToken(
      scope,
      () => this.text.forward(scope, x, context).hidden,
      () => this.media.forward(scope, x, context).hidden,
    );
    return { hidden };
  }
}

/** The same of norms (mPLUG-Owl2; Ye et al., 2023, arXiv 2311.04257). */
export class TwinNorm extends Norm {
  constructor(
    readonly text: Norm,
    readonly media: Norm,
    names: Names,
  ) {
    super();
    this.names = names;
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return byToken(
      scope,
      () => this.text.forward(scope, x),
      () => this.media.forward(scope, x),
    );
  }
}
