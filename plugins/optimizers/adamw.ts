import {
  adamw,
  optimizer,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerParameter,
} from 'swift-ts/plugin';

interface Moments {
  readonly exp_avg: Float32Array;
  readonly exp_avg_sq: Float32Array;
}

/** AdamW with decoupled weight decay (Loshchilov & Hutter, 2019), in PyTorch's order of operations, in float32. */
@optimizer({ id: 'adamw_torch', summary: 'AdamW with decoupled weight decay' })
export class AdamW implements Optimizer {
  readonly slots = 2;
  private steps = 0;
  private readonly moments = new Map<string, Moments>();

  step(parameters: readonly OptimizerParameter[], learningRate: number, options: OptimizerOptions): void {
    this.steps++;
    const { adam_beta1: beta1, adam_beta2: beta2, adam_epsilon: epsilon, weight_decay } = options;
    const rate = learningRate / (1 - beta1 ** this.steps);
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    for (const parameter of parameters) {
      const { data, grad, decay } = parameter;
      const keep = decay ? 1 - learningRate * weight_decay : 1;
      const constants = { beta1, beta2, epsilon, keep, rate, correction };
      adamw({ data, grad, ...this.momentsOf(parameter) }, constants);
    }
  }

  state(): Map<string, Float32Array> {
    const state = new Map<string, Float32Array>([['step', Float32Array.of(this.steps)]]);
    for (const [name, { exp_avg, exp_avg_sq }] of this.moments) {
      state.set(`exp_avg.${name}`, exp_avg);
      state.set(`exp_avg_sq.${name}`, exp_avg_sq);
    }
    return state;
  }

  load(state: ReadonlyMap<string, Float32Array>): void {
    this.steps = state.get('step')?.[0] ?? 0;
    this.moments.clear();
    for (const [key, exp_avg] of state) {
      if (!key.startsWith('exp_avg.')) continue;
      const name = key.slice('exp_avg.'.length);
      this.moments.set(name, { exp_avg, exp_avg_sq: state.get(`exp_avg_sq.${name}`)! });
    }
  }

  /** The parameter's slots; the first time they take over what a checkpoint said. */
  private momentsOf({ name, slots: [exp_avg, exp_avg_sq] }: OptimizerParameter): Moments {
    const held = this.moments.get(name);
    if (held?.exp_avg === exp_avg) return held;
    if (held) {
      exp_avg.set(held.exp_avg);
      exp_avg_sq.set(held.exp_avg_sq);
    }
    const moments = { exp_avg, exp_avg_sq };
    this.moments.set(name, moments);
    return moments;
  }
}
