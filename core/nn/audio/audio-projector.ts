import { reduceMean, relu, reshape, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module, type Names } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

/** From what was heard to features as wide as the language model. */
export abstract class AudioProjector extends Module {
  /** How many neighbouring states become one feature. */
  abstract readonly states: number;
  /** Learned features that stand before and behind those of a sound, [2, D]. */
  readonly marks?: Parameter;
  /** [F, states · W] -> [F, D] */
  abstract forward(scope: Scope, heard: Tensor): Tensor;
}

/** Each state by one layer (Qwen2-Audio). */
export class LinearAudioProjector extends AudioProjector {
  readonly states = 1;
  linear: LinearLike;

  constructor(width: number, hidden_size: number) {
    super();
    this.linear = new Linear(width, hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    return this.linear.forward(scope, heard);
  }
}

/** Each state by one layer, between two marks (Qwen-Audio; Chu et al., 2023, arXiv 2311.07919). */
export class MarkedAudioProjector extends LinearAudioProjector {
  override readonly marks: Parameter;

  constructor(width: number, hidden_size: number, names: Names) {
    super(width, hidden_size);
    this.names = names;
    this.marks = new Parameter([2, hidden_size]);
  }
}

/** Neighbouring states one behind the other, by two layers (LLaMA-Omni; Fang et al., 2024, arXiv 2409.06666). */
export class StackedAudioProjector extends AudioProjector {
  linear1: LinearLike;
  linear2: LinearLike;

  constructor(
    readonly states: number,
    {
      width,
      inner,
      hidden_size,
    }: { readonly width: number; readonly inner: number; readonly hidden_size: number },
  ) {
    super();
    this.linear1 = new Linear(states * width, inner, { bias: true });
    this.linear2 = new Linear(inner, hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    return this.linear2.forward(scope, relu(this.linear1.forward(scope, heard)));
  }
}

/** Each state by two layers (Qwen3-Omni). */
export class MlpAudioProjector extends AudioProjector {
  readonly states = 1;
  linear_1: LinearLike;
  linear_2: LinearLike;

  constructor(
    width: number,
    hidden_size: number,
    private readonly activation: (x: Tensor) => Tensor,
    override names: Names = {},
  ) {
    super();
    this.linear_1 = new Linear(width, width, { bias: true });
    this.linear_2 = new Linear(width, hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    return this.linear_2.forward(scope, this.activation(this.linear_1.forward(scope, heard)));
  }
}

/** Each state by two layers, then the mean of neighbouring ones (MiniCPM-o). */
export class MeanAudioProjector extends AudioProjector {
  linear1: LinearLike;
  linear2: LinearLike;

  constructor(
    readonly states: number,
    private readonly size: { readonly width: number; readonly hidden_size: number },
  ) {
    super();
    const { width, hidden_size } = size;
    this.linear1 = new Linear(width, hidden_size, { bias: true });
    this.linear2 = new Linear(hidden_size, hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    const { width, hidden_size } = this.size;
    const count = heard.shape[0];
    const each = reshape(heard, [count * this.states, width]);
    const made = this.linear2.forward(scope, relu(this.linear1.forward(scope, each)));
    return reduceMean(reshape(made, [count, this.states, hidden_size]), [1]);
  }
}
