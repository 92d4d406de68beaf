import {
  add,
  concat,
  full,
  gather,
  iota,
  mul,
  reshape,
  scalar,
  slice,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import type { BlockContext } from './causal-lm.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** A convolution over time of each channel by itself that sees no later position, as state-space layers begin with. */
export class CausalConv extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    readonly channels: number,
    readonly kernel: number,
    bias: boolean,
  ) {
    super();
    this.weight = new Parameter([channels, 1, kernel]);
    if (bias) this.bias = new Parameter([channels]);
  }

  /** x [B, T, C] -> [B, T, C]; in a cached context also the inputs that the next call sees before its own. */
  forward(scope: Scope, x: Tensor, context: BlockContext, before?: Tensor): { y: Tensor; state?: Tensor } {
    const [batch, length] = x.shape;
    const { kernel, channels } = this;
    const padded = concat([before ?? full(this.state(batch), 0), x], 1);
    const weight = reshape(scope.param(this.weight), [channels, kernel]);
    const taps = Array.from({ length: kernel }, (_, i) =>
      mul(slice(padded, 1, i, i + length), reshape(slice(weight, 1, i, i + 1), [channels])),
    );
    const sum = taps.reduce(add);
    const y = this.bias ? add(sum, scope.param(this.bias)) : sum;
    return context.kind === 'full' ? { y } : { y, state: lastOf(padded, context.fresh, kernel - 1) };
  }

  state(batch: number): Shape {
    return [batch, this.kernel - 1, this.channels];
  }
}

/** Of each row of x [B, S, C], `count` positions from int32 `start` [B] on. */
function lastOf(x: Tensor, start: Tensor, count: number): Tensor {
  const [batch, length, channels] = x.shape;
  const rows = mul(reshape(iota(batch), [batch, 1]), scalar(length, 'int32'));
  const at = add(add(rows, reshape(start, [batch, 1])), iota(count));
  const picked = gather(reshape(x, [batch * length, channels]), reshape(at, [batch * count]));
  return reshape(picked, [batch, count, channels]);
}
