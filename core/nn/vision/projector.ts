import type { Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import type { Scope } from '../scope.js';

export interface ProjectorSize {
  readonly width: number;
  readonly hidden_size: number;
  readonly activation: (x: Tensor) => Tensor;
  readonly bias: boolean;
}

/** Features to the width of the language model, by two layers (LLaVA-1.5): [F, W] -> [F, D]. */
export class Projector extends Module {
  linear_1: LinearLike;
  linear_2: LinearLike;
  private readonly activation: (x: Tensor) => Tensor;

  constructor({ width, hidden_size, activation, bias }: ProjectorSize) {
    super();
    this.activation = activation;
    this.linear_1 = new Linear(width, hidden_size, { bias });
    this.linear_2 = new Linear(hidden_size, hidden_size, { bias });
  }

  forward(scope: Scope, features: Tensor): Tensor {
    return this.linear_2.forward(scope, this.activation(this.linear_1.forward(scope, features)));
  }
}
