import { mul, slice, type Tensor } from '../graph/index.js';
import type { BlockContext, RouterStatistics } from './causal-lm.js';
import { Linear, plainLinear, type LinearLike, type MakeLinear } from './linear.js';
import { Module, type Names } from './module.js';
import type { Scope } from './scope.js';

/** What a feed-forward gives: hidden [..., D]. */
export interface Fed {
  readonly hidden: Tensor;
  /** How a mixture of experts was used; only for a full context. */
  readonly router?: RouterStatistics;
}

/** The part of a block that works on each position by itself: x [..., D] -> [..., D]. */
export abstract class FeedForward extends Module {
  /** @param x [..., D] @param context a mixture of experts counts real tokens by it */
  abstract forward(scope: Scope, x: Tensor, context: BlockContext): Fed;
}

/** Widths and kind of a feed-forward; `names` as its checkpoints call its layers. */
export interface FeedForwardSize {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly activation: (x: Tensor) => Tensor;
  /** `down`: only of the projection back. */
  readonly bias?: boolean | 'down';
  readonly transposed?: boolean;
  /** What makes its layers, where it is gated. */
  readonly linear?: MakeLinear;
  readonly names?: Names;
}

/** down(act(gate x) ∘ up x) (Shazeer, 2020). As wide as what it reads, unless `out_size` says otherwise. */
export class GatedMlp extends FeedForward {
  gate_proj: LinearLike;
  up_proj: LinearLike;
  down_proj: LinearLike;
  readonly activation: (x: Tensor) => Tensor;

  constructor(size: FeedForwardSize & { readonly out_size?: number }) {
    super();
    const { hidden_size, out_size = hidden_size, intermediate_size, activation, bias } = size;
    const { linear = plainLinear, names = {} } = size;
    this.names = names;
    this.activation = activation;
    const into = { bias: bias === true };
    this.gate_proj = linear(hidden_size, intermediate_size, into);
    this.up_proj = linear(hidden_size, intermediate_size, into);
    this.down_proj = linear(intermediate_size, out_size, { bias: Boolean(bias) });
  }

  forward(scope: Scope, x: Tensor): Fed {
    const gate = this.activation(this.gate_proj.forward(scope, x));
    return { hidden: this.down_proj.forward(scope, mul(gate, this.up_proj.forward(scope, x))) };
  }
}

/** A gated feed-forward whose gate and up projection are one matrix, gate first unless `gate_last`. */
export class FusedMlp extends FeedForward {
  gate_up_proj: LinearLike;
  down_proj: LinearLike;

  constructor(private readonly size: FeedForwardSize & { readonly gate_last?: boolean }) {
    super();
    const { hidden_size, intermediate_size, bias, names = {} } = size;
    this.names = names;
    this.gate_up_proj = new Linear(hidden_size, 2 * intermediate_size, { bias: bias === true });
    this.down_proj = new Linear(intermediate_size, hidden_size, { bias: Boolean(bias) });
  }

  forward(scope: Scope, x: Tensor): Fed {
    const { intermediate_size: width, activation, gate_last } = this.size;
    const both = this.gate_up_proj.forward(scope, x);
    const halves = [slice(both, -1, 0, width), slice(both, -1, width, 2 * width)];
    const [gate, up] = gate_last ? halves.reverse() : halves;
    return { hidden: this.down_proj.forward(scope, mul(activation(gate), up)) };
  }
}

/** down(act(up x)). */
export class PlainMlp extends FeedForward {
  up_proj: LinearLike;
  down_proj: LinearLike;

  constructor(private readonly size: FeedForwardSize) {
    super();
    const { hidden_size, intermediate_size, bias, transposed, names = {} } = size;
    this.names = names;
    this.up_proj = new Linear(hidden_size, intermediate_size, { bias: bias === true, transposed });
    this.down_proj = new Linear(intermediate_size, hidden_size, { bias: Boolean(bias), transposed });
  }

  forward(scope: Scope, x: Tensor): Fed {
    return { hidden: this.down_proj.forward(scope, this.size.activation(this.up_proj.forward(scope, x))) };
  }
}
