import type { OptimizerParameter } from '../contracts/optimizer.js';
import { allocate } from '../kernels/index.js';
import type { CausalLM, Parameter } from '../nn/index.js';

/** A model's trained parameters while it trains: values, gradient and optimizer slots side by side, where the hot loops run. */
export class TrainedParameters {
  readonly gradients: ReadonlyMap<Parameter, Float32Array>;
  readonly list: readonly OptimizerParameter[];

  /** Moves the values in. @param slots arrays that the optimizer keeps per parameter */
  constructor(
    private readonly model: CausalLM,
    slots: number,
  ) {
    const named = trainedOf(model);
    const arrays = allocate(named.map(([, { size }]) => ({ length: size, count: 2 + slots })));
    const gradients = new Map<Parameter, Float32Array>();
    this.list = named.map(([name, parameter], i) => {
      const [data, grad, ...rest] = arrays[i];
      data.set(parameter.data!);
      parameter.data = data;
      gradients.set(parameter, grad);
      return { name, data, grad, slots: rest, decay: parameter.shape.length > 1 };
    });
    this.gradients = gradients;
  }

  /** Whether these are the ones that train now. */
  get isCurrent(): boolean {
    const now = trainedOf(this.model);
    return now.length === this.gradients.size && now.every(([, parameter]) => this.gradients.has(parameter));
  }

  /** Moves the values out again: a model that outlives its training should not keep gradients and slots alive. */
  release(): void {
    for (const parameter of this.gradients.keys()) parameter.data = parameter.data!.slice();
  }
}

/** What trains now, each parameter once, however many modules share it. */
export function trainedOf(model: CausalLM): [string, Parameter][] {
  return [...model.parameters()].filter(([, { trainable }]) => trainable);
}
