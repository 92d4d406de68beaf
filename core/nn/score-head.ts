import { scalar, sub, type Tensor } from '../graph/index.js';
import type { CausalLM } from './causal-lm.js';
import { Linear, type LinearLike } from './linear.js';
import { Module, type Names } from './module.js';
import type { Norm } from './norm.js';
import type { Scope } from './scope.js';

/** What scores sequences: a linear layer, or more. */
export type ScoreHead = Module & {
  /** How many numbers it scores with. */
  readonly out_features: number;
  /** states [N, D] -> [N, out_features] */
  forward(scope: Scope, states: Tensor): Tensor;
};

/** Sizes and kinds of a head of two layers; `names` as its checkpoints call them. */
export interface DeepScoreOptions {
  readonly width: number;
  readonly labels: number;
  readonly activation: (x: Tensor) => Tensor;
  readonly bias: { readonly dense: boolean; readonly out: boolean };
  /** Behind the activation. */
  readonly norm?: Norm;
  /** What is taken off the scores. */
  readonly shift?: number;
  readonly names?: Names;
}

/** out(n(act(dense x))): the heads of BERT-like classifiers, and of Qwen's reward models. */
export class DeepScore extends Module {
  dense: LinearLike;
  readonly norm?: Norm;
  out: LinearLike;
  readonly out_features: number;
  private readonly activation: (x: Tensor) => Tensor;
  private readonly shift: number;

  constructor({ width, labels, activation, bias, norm, shift = 0, names = {} }: DeepScoreOptions) {
    super();
    this.names = names;
    this.activation = activation;
    this.shift = shift;
    this.out_features = labels;
    this.dense = new Linear(width, width, { bias: bias.dense });
    this.norm = norm;
    this.out = new Linear(width, labels, { bias: bias.out });
  }

  /** states [N, D] -> [N, labels] */
  forward(scope: Scope, states: Tensor): Tensor {
    const inner = this.activation(this.dense.forward(scope, states));
    const scores = this.out.forward(scope, this.norm?.forward(scope, inner) ?? inner);
    return this.shift === 0 ? scores : sub(scores, scalar(this.shift));
  }
}

/** Paths of the modules that a task's heads are made of, by which PEFT saves them whole: of one that has no name, its parts'. */
export function headPaths(model: CausalLM): string[] {
  const heads = [model.score, model.value].filter((head) => head !== undefined);
  const named = new Map([...model.namedModules()].map(([path, module]) => [module, path]));
  return heads.flatMap((head) => {
    const path = named.get(head);
    if (path) return [path];
    return [...head.children()].map(([name]) => name);
  });
}
