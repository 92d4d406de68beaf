import {
  adamw,
  argument,
  counted,
  optimizer,
  SwiftError,
  type Optimizer,
  type OptimizerParameter,
  type ValuesOf,
} from 'swift-ts/plugin';

const adamwArguments = {
  weight_decay: argument.float({ default: 0.1, min: 0, help: 'decoupled weight decay of matrices' }),
  adam_beta1: argument.float({
    default: 0.9,
    min: 0,
    max: 1,
    below: true,
    help: 'decay of the first moment',
  }),
  adam_beta2: argument.float({
    default: 0.95,
    min: 0,
    max: 1,
    below: true,
    help: 'decay of the second moment',
  }),
  adam_epsilon: argument.float({ default: 1e-8, min: 0, above: true, help: 'added to the denominator' }),
} as const;

type AdamWOptions = ValuesOf<typeof adamwArguments>;

interface Moments {
  readonly exp_avg: Float32Array;
  readonly exp_avg_sq: Float32Array;
  /** Updates there were before the parameter's first one. */
  readonly began: number;
}

function read(state: ReadonlyMap<string, Float32Array>, name: string, size: number): Float32Array {
  const values = state.get(name);
  if (values === undefined) throw damaged(`it has no '${name}'`);
  if (values.length !== size) throw damaged(`'${name}' has ${values.length} values, not ${size}`);
  const isSquare = name.startsWith('exp_avg_sq.');
  for (const value of values) {
    if (!Number.isFinite(value) || (isSquare && value < 0))
      throw damaged(`'${name}' holds the value ${value}`);
  }
  return values;
}

function damaged(fault: string): SwiftError {
  return new SwiftError('BAD_CHECKPOINT', `the optimizer's state does not fit: ${fault}`, {
    cure: 'Resume from another checkpoint, or take only the weights with --resume_only_model true.',
  });
}

/** AdamW with decoupled weight decay (Loshchilov & Hutter, 2019), in PyTorch's order of operations, in float32. */
@optimizer({
  id: 'adamw_torch',
  summary: 'AdamW with decoupled weight decay',
  arguments: adamwArguments,
})
export class AdamW implements Optimizer<AdamWOptions> {
  readonly slots = 2;
  private steps = 0;
  private readonly moments = new Map<string, Moments>();

  step(parameters: readonly OptimizerParameter[], learningRate: number, options: AdamWOptions): void {
    this.steps++;
    const { adam_beta1: beta1, adam_beta2: beta2, adam_epsilon: epsilon, weight_decay } = options;
    for (const parameter of parameters) {
      const { data, grad, decay } = parameter;
      const { began, ...moments } = this.momentsOf(parameter);
      const updates = this.steps - began;
      const rate = learningRate / (1 - beta1 ** updates);
      const correction = Math.sqrt(1 - beta2 ** updates);
      const keep = decay ? 1 - learningRate * weight_decay : 1;
      adamw({ data, grad, ...moments }, { beta1, beta2, epsilon, keep, rate, correction });
    }
    this.forgetOthers(parameters);
  }

  state(): Map<string, Float32Array> {
    const state = new Map<string, Float32Array>([['step', Float32Array.of(this.steps)]]);
    for (const [name, { exp_avg, exp_avg_sq, began }] of this.moments) {
      state.set(`exp_avg.${name}`, exp_avg);
      state.set(`exp_avg_sq.${name}`, exp_avg_sq);
      if (began > 0) state.set(`began.${name}`, Float32Array.of(began));
    }
    return state;
  }

  load(state: ReadonlyMap<string, Float32Array>, sizes: ReadonlyMap<string, number>): void {
    const [steps] = read(state, 'step', 1);
    if (!Number.isInteger(steps) || steps < 1) throw damaged(`its step is ${steps}`);
    this.steps = steps;
    this.moments.clear();
    for (const [name, size] of sizes) {
      const exp_avg = read(state, `exp_avg.${name}`, size);
      const exp_avg_sq = read(state, `exp_avg_sq.${name}`, size);
      const began = state.has(`began.${name}`) ? read(state, `began.${name}`, 1)[0] : 0;
      if (!Number.isInteger(began) || began < 0 || began >= steps)
        throw damaged(`'began.${name}' is ${began}`);
      this.moments.set(name, { exp_avg, exp_avg_sq, began });
    }
    const late = [...this.moments.values()].filter(({ began }) => began > 0).length;
    const known = 1 + 2 * sizes.size + late;
    if (state.size > known)
      throw damaged(`it holds ${counted(state.size - known, 'tensor')} of parameters that do not train`);
  }

  /** The parameter's slots; the first time they take over what a checkpoint said. */
  private momentsOf({ name, slots: [exp_avg, exp_avg_sq] }: OptimizerParameter): Moments {
    const held = this.moments.get(name);
    if (held?.exp_avg === exp_avg) return held;
    if (held) {
      exp_avg.set(held.exp_avg);
      exp_avg_sq.set(held.exp_avg_sq);
    }
    const moments = { exp_avg, exp_avg_sq, began: held?.began ?? this.steps - 1 };
    this.moments.set(name, moments);
    return moments;
  }

  /** Moments of parameters that no longer train are no use: should they train again, they begin anew. */
  private forgetOthers(parameters: readonly OptimizerParameter[]): void {
    if (this.moments.size === parameters.length) return;
    const names = new Set(parameters.map(({ name }) => name));
    for (const name of this.moments.keys()) if (!names.has(name)) this.moments.delete(name);
  }
}
