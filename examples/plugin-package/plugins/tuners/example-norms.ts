import type { CausalLM, Parameter } from 'swift-ts/nn';
import { SwiftError, tuner, type AdapterFiles, type Tuner } from 'swift-ts/plugin';

/** Trains only the norms' weights (Zhao et al., 2023). */
@tuner({
  id: 'example-norms',
  summary: 'an example of a tuner: norm weights only',
  peft_type: 'EXAMPLE_NORMS',
})
export class ExampleNorms implements Tuner {
  apply(model: CausalLM): void {
    for (const [, parameter] of norms(model)) parameter.trainable = true;
  }

  adapter(model: CausalLM, baseModel: string): AdapterFiles {
    const tensors = norms(model).map(([name, { shape, data }]) => ({ name, shape, data: data! }));
    return { config: { peft_type: 'EXAMPLE_NORMS', base_model_name_or_path: baseModel }, tensors };
  }

  load(model: CausalLM, files: AdapterFiles): void {
    this.apply(model);
    this.restore(model, files);
  }

  restore(model: CausalLM, { tensors }: AdapterFiles): void {
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor.data]));
    for (const [name, parameter] of norms(model)) {
      const data = given.get(name);
      if (data?.length !== parameter.size) {
        throw new SwiftError('BAD_CHECKPOINT', `the adapter's '${name}' is missing or of another size`, {
          cure: 'Load the adapter on the base model it was trained on.',
        });
      }
      parameter.data = data;
    }
  }

  /** The norms already hold their tuned weights. */
  merge(): void {}
}

function norms(model: CausalLM): [string, Parameter][] {
  return [...model.namedParameters()].filter(([name]) => name.includes('norm'));
}
