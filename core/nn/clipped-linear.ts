import { greaterEqual, where, type Tensor } from '../graph/index.js';
import { Linear, LinearLike } from './linear.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** A linear layer whose input and output stay within bounds that its checkpoint holds (Gemma 4's towers). These never train. */
export class ClippedLinear extends LinearLike {
  linear: LinearLike;
  readonly input_min = bound();
  readonly input_max = bound();
  readonly output_min = bound();
  readonly output_max = bound();

  constructor(
    readonly in_features: number,
    readonly out_features: number,
  ) {
    super();
    this.linear = new Linear(in_features, out_features);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const y = this.linear.forward(scope, within(scope, x, this.input_min, this.input_max));
    return within(scope, y, this.output_min, this.output_max);
  }

  forwardGroup(): Tensor {
    throw new Error('a layer with bounds is no expert');
  }
}

function bound(): Parameter {
  const parameter = new Parameter([]);
  parameter.idle = true;
  return parameter;
}

function within(scope: Scope, x: Tensor, least: Parameter, most: Parameter): Tensor {
  const [low, high] = [scope.param(least), scope.param(most)];
  const below = where(greaterEqual(x, high), high, x);
  return where(greaterEqual(low, below), low, below);
}
