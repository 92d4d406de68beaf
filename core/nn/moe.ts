import {
  add,
  argsort,
  cast,
  expand,
  full,
  gather,
  mul,
  reduceSum,
  reshape,
  scatterAdd,
  sigmoid,
  sizeOf,
  type Tensor,
} from '../graph/index.js';
import { ofRows } from './adapted.js';
import type { BlockContext } from './causal-lm.js';
import { FeedForward, type Fed } from './feed-forward.js';
import { Linear, type LinearLike } from './linear.js';
import { Module, type Names } from './module.js';
import { Parameter } from './parameter.js';
import type { Route } from './routing.js';
import type { Scope } from './scope.js';

/** Scores every expert for every token: a linear layer, with a correction of the choice in DeepSeek-V3's families. */
export class Router extends Linear {
  /** Added to the scores when experts are chosen, not when they are weighed. [E] */
  readonly e_score_correction_bias?: Parameter;

  constructor(
    hidden_size: number,
    num_experts: number,
    {
      bias = false,
      corrected = false,
      names = {},
    }: { readonly bias?: boolean; readonly corrected?: boolean; readonly names?: Names } = {},
  ) {
    super(hidden_size, num_experts, { bias });
    this.names = names;
    if (corrected) this.e_score_correction_bias = new Parameter([num_experts]);
  }
}

/** Tokens sorted by the expert they go to. */
export interface Dispatched {
  /** [N·k, D] */
  readonly rows: Tensor;
  /** Rows per expert, int32 [E]. */
  readonly sizes: Tensor;
  /** The expert of each row, int32 [N·k]. */
  readonly experts: Tensor;
}

/** Experts as a checkpoint stores them. */
export abstract class Experts extends Module {
  /** -> [N·k, D] */
  abstract forward(scope: Scope, dispatched: Dispatched): Tensor;
}

/** What a mixture is made of. */
export interface MoeParts {
  /** Weights act on what experts are given, not on what they give (Llama 4). */
  readonly weighs_inputs?: boolean;
  readonly router: LinearLike;
  readonly route: Route;
  readonly experts: Experts;
  readonly num_experts: number;
  /** Sees every token. */
  readonly shared?: FeedForward;
  /** Its output times sigmoid of this, one number per token, is what the shared expert adds. */
  readonly shared_gate?: LinearLike;
  /** The correction of the choice, where checkpoints keep it beside the router. */
  readonly correction?: Parameter;
  readonly names?: Names;
}

/** What adapters count in each row, where rows of the batch differ, in the order of the experts. */
function sortedScope(scope: Scope, order: Tensor): Scope {
  const [rows] = order.shape;
  const factors = [...scope.adapters].map(
    ([name, weight]) =>
      [name, typeof weight === 'number' ? weight : gather(ofRows(weight, rows) as Tensor, order)] as const,
  );
  return scope.withAdapters(new Map(factors));
}

/** A mixture of experts: each token is worked on by k of E feed-forwards (Shazeer et al., 2017). Only those compute. */
export class SparseMoe extends FeedForward {
  gate: LinearLike;
  readonly experts: Experts;
  readonly shared_experts?: FeedForward;
  shared_expert_gate?: LinearLike;
  readonly e_score_correction_bias?: Parameter;

  constructor(private readonly parts: MoeParts) {
    super();
    this.names = parts.names ?? {};
    this.gate = parts.router;
    this.experts = parts.experts;
    this.shared_experts = parts.shared;
    this.shared_expert_gate = parts.shared_gate;
    this.e_score_correction_bias = parts.correction;
  }

  /**
   * Each token goes to its k experts, sorted by expert so that each works on one run of rows, and back:
   *
   *     tokens [N, D] ─ route ─▶ experts [N, k], weights [N, k]
   *     k copies, sorted by expert ─▶ rows [N·k, D] ─ experts ─▶ [N·k, D]
   *     unsorted ─▶ [N, k, D] · weights ─ Σ over k ─▶ [N, D], and what the shared expert adds
   *
   * @param x [B, T, D] @returns hidden [B, T, D]; for a full context the statistics that balance experts
   */
  forward(scope: Scope, x: Tensor, context: BlockContext): Fed {
    const width = x.shape.at(-1)!;
    const tokens = reshape(x, [sizeOf(x.shape) / width, width]);
    const { weights, experts, probabilities } = this.parts.route(scope, this.gate.forward(scope, tokens));
    const count = experts.shape[1];
    const chosen = reshape(experts, [sizeOf(experts.shape)]);
    const order = argsort(chosen);
    const sizes = scatterAdd(chosen, full(chosen.shape, 1), this.parts.num_experts);

    const { weighs_inputs } = this.parts;
    const share = reshape(weights, [...experts.shape, 1]);
    const copies = expand(reshape(tokens, [tokens.shape[0], 1, width]), [tokens.shape[0], count, width]);
    const given = weighs_inputs ? mul(copies, share) : copies;
    const rows = gather(reshape(given, [chosen.shape[0], width]), order);
    const dispatched = { rows, sizes: cast(sizes, 'int32'), experts: gather(chosen, order) };
    const worked = this.experts.forward(sortedScope(scope, order), dispatched);
    // Back to the order of the tokens by the inverse permutation: no two rows are added to one place.
    const ordered = reshape(gather(worked, argsort(order)), [...experts.shape, width]);
    const routed = reduceSum(weighs_inputs ? ordered : mul(ordered, share), [1]);

    const shared = this.shared(scope, tokens, context);
    const hidden = reshape(shared ? add(routed, shared) : routed, x.shape);
    if (context.kind !== 'full') return { hidden };
    const real = reshape(context.real, [tokens.shape[0], 1]);
    const realChoices = reshape(expand(real, experts.shape), chosen.shape);
    return {
      hidden,
      router: {
        probabilities: reduceSum(mul(probabilities, real), [0]),
        chosen: scatterAdd(chosen, realChoices, this.parts.num_experts),
      },
    };
  }

  private shared(scope: Scope, tokens: Tensor, context: BlockContext): Tensor | undefined {
    const output = this.shared_experts?.forward(scope, tokens, context).hidden;
    if (!output || !this.shared_expert_gate) return output;
    return mul(output, sigmoid(this.shared_expert_gate.forward(scope, tokens)));
  }
}

/** Widths of an expert. */
export interface ExpertSize {
  readonly num_experts: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly activation: (x: Tensor) => Tensor;
  readonly names?: Names;
}

class GatedExpert extends Module {
  gate_proj: LinearLike;
  up_proj: LinearLike;
  down_proj: LinearLike;

  constructor({ hidden_size, intermediate_size, names = {} }: ExpertSize) {
    super();
    this.names = names;
    this.gate_proj = new Linear(hidden_size, intermediate_size);
    this.up_proj = new Linear(hidden_size, intermediate_size);
    this.down_proj = new Linear(intermediate_size, hidden_size);
  }
}

/** Experts that are gated feed-forwards of three linear layers each: `experts.0.gate_proj`, … */
export class GatedExperts extends Experts {
  readonly list: readonly GatedExpert[];

  constructor(private readonly size: ExpertSize) {
    super();
    this.names = { list: '' };
    this.list = Array.from({ length: size.num_experts }, () => new GatedExpert(size));
  }

  forward(scope: Scope, { rows, sizes }: Dispatched): Tensor {
    const each = (x: Tensor, which: 'gate_proj' | 'up_proj' | 'down_proj'): Tensor => {
      const linears = this.list.map((expert) => expert[which]);
      return linears[0].forwardGroup(scope, x, sizes, linears);
    };
    const gate = this.size.activation(each(rows, 'gate_proj'));
    return each(mul(gate, each(rows, 'up_proj')), 'down_proj');
  }
}
