import { optimizer, type Optimizer, type OptimizerOptions, type OptimizerParameter } from 'swift-ts/plugin';

interface Moments {
  readonly exp_avg: Float32Array;
  readonly exp_avg_sq: Float32Array;
}

/** AdamW with decoupled weight decay (Loshchilov & Hutter, 2019), in PyTorch's order of operations. */
@optimizer({ id: 'adamw_torch', summary: 'AdamW with decoupled weight decay' })
export class AdamW implements Optimizer {
  private steps = 0;
  private readonly moments = new Map<string, Moments>();

  step(parameters: readonly OptimizerParameter[], learningRate: number, options: OptimizerOptions): void {
    this.steps++;
    const { adam_beta1: beta1, adam_beta2: beta2, adam_epsilon: eps, weight_decay } = options;
    const rate = learningRate / (1 - beta1 ** this.steps);
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    for (const { name, data, grad, decay } of parameters) {
      const { exp_avg, exp_avg_sq } = this.momentsOf(name, data.length);
      const keep = decay ? 1 - learningRate * weight_decay : 1;
      for (let i = 0; i < data.length; i++) {
        const g = grad[i];
        const m = beta1 * exp_avg[i] + (1 - beta1) * g;
        const v = beta2 * exp_avg_sq[i] + (1 - beta2) * g * g;
        exp_avg[i] = m;
        exp_avg_sq[i] = v;
        data[i] = data[i] * keep - (rate * m) / (Math.sqrt(v) / correction + eps);
      }
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

  private momentsOf(name: string, size: number): Moments {
    let moments = this.moments.get(name);
    if (!moments) {
      moments = { exp_avg: new Float32Array(size), exp_avg_sq: new Float32Array(size) };
      this.moments.set(name, moments);
    }
    return moments;
  }
}
